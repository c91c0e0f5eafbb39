import { createReadStream, createWriteStream, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress } from "node:zlib";
import { extract } from "tar";
import { runCommand } from "../system/run-command";

/** The newest release that runs its installation under Node 20. */
const VERSION = "143.0.4";

/** Where the packaged browser is kept: a script that starts it with the libraries that came with it. */
export function packagedChromium(cache: string): string {
  return path.join(cache, `chromium-${VERSION}`, "chromium");
}

/**
 * Installs `@sparticuz/chromium` beside nothing of ours and unpacks browser, shared libraries and fonts.
 * Outside of the cloud function for which it was made it needs LD_LIBRARY_PATH, which the script sets.
 */
export async function installPackagedChromium(cache: string): Promise<void> {
  const target = path.dirname(packagedChromium(cache));
  const work = `${target}.${process.pid}`;
  try {
    mkdirSync(work, { recursive: true });
    writeFileSync(path.join(work, "package.json"), '{ "private": true }\n');
    const ran = await runCommand(
      "npm",
      ["install", "--no-audit", "--no-fund", "--ignore-scripts", `@sparticuz/chromium@${VERSION}`],
      { cwd: work, timeoutMs: 600_000 },
    );
    if (ran.code !== 0) throw new Error(`@sparticuz/chromium could not be installed: ${ran.output.trim()}`);
    const packed = path.join(work, "node_modules", "@sparticuz", "chromium", "bin");
    await inflate(path.join(packed, "chromium.br"), path.join(work, "chromium-program"));
    for (const name of ["al2023", "fonts"]) await unpack(path.join(packed, `${name}.tar.br`), path.join(work, name));
    // The software renderer is looked for beside the program.
    await unpack(path.join(packed, "swiftshader.tar.br"), work);
    writeFileSync(path.join(work, "fonts", "fonts.conf"), fontSettings(target));
    writeFileSync(path.join(work, "chromium"), startScript(target), { mode: 0o755 });
    rmSync(path.join(work, "node_modules"), { recursive: true, force: true });
    rmSync(target, { recursive: true, force: true });
    renameSync(work, target);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function startScript(folder: string): string {
  return `#!/bin/sh
export LD_LIBRARY_PATH="${folder}/al2023/lib\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
export FONTCONFIG_FILE="${folder}/fonts/fonts.conf"
exec "${folder}/chromium-program" "$@"
`;
}

function fontSettings(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${folder}/fonts/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${folder}/fonts/cache</cachedir>
</fontconfig>
`;
}

async function inflate(packed: string, target: string): Promise<void> {
  await pipeline(createReadStream(packed), createBrotliDecompress(), createWriteStream(target, { mode: 0o755 }));
}

async function unpack(packed: string, folder: string): Promise<void> {
  if (!existsSync(packed)) return;
  mkdirSync(folder, { recursive: true });
  const archive = packed.replace(/[.]br$/, "");
  await inflate(packed, archive);
  await extract({ file: archive, cwd: folder });
}
