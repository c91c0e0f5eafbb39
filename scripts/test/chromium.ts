import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { cacheFolder, IS_ROOT } from "../system/platform-folders";
import { runCommand } from "../system/run-command";
import { installPackagedChromium, packagedChromium } from "./packaged-chromium";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const MAC_CHROME = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

/**
 * A Chromium for the browser tests: CHROMIUM_PATH, the PATH (on macOS the installed Chrome), a cached copy,
 * Debian's package as root, else the npm package with its libraries. Says in a line what it took.
 */
export async function findChromium(note: (line: string) => void): Promise<string> {
  const named = process.env.CHROMIUM_PATH;
  if (named) {
    if (await runs(named)) return named;
    throw new Error(`CHROMIUM_PATH names ${named}, which does not start.`);
  }
  const installed = await firstThatRuns([...onPath(), ...(process.platform === "darwin" ? [MAC_CHROME] : [])]);
  if (installed) {
    note(`Chromium: ${installed}`);
    return installed;
  }
  if (process.platform === "darwin")
    throw new Error("The browser tests need Google Chrome; install it, or name a Chromium in CHROMIUM_PATH.");

  const cached = packagedChromium(cacheFolder());
  if (existsSync(cached) && (await runs(cached))) {
    note(`Chromium from the cache: ${cached}`);
    return cached;
  }
  const fromDebian = IS_ROOT && isDebian() ? await installDebianChromium(note) : null;
  if (fromDebian) return fromDebian;
  note("Chromium: fetching the npm package @sparticuz/chromium");
  await installPackagedChromium(cacheFolder());
  if (await runs(cached)) return cached;
  throw new Error("No Chromium could be found or fetched; install one, or name it in CHROMIUM_PATH.");
}

function onPath(): string[] {
  const folders = (process.env.PATH ?? "").split(path.delimiter).filter((folder) => folder !== "");
  return NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name))).filter((file) => existsSync(file));
}

async function installDebianChromium(note: (line: string) => void): Promise<string | null> {
  note("Chromium: installing Debian's package");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  await runCommand("apt-get", ["update"], { env, timeoutMs: 180_000 });
  const ran = await runCommand("apt-get", ["install", "--yes", "--no-install-recommends", "chromium"], {
    env,
    timeoutMs: 600_000,
  });
  return ran.code === 0 ? firstThatRuns(onPath()) : null;
}

/** Ubuntu's package of that name only asks snap for the real one. */
function isDebian(): boolean {
  return existsSync("/etc/os-release") && /^ID=debian$/m.test(readFileSync("/etc/os-release", "utf8"));
}

async function firstThatRuns(candidates: readonly string[]): Promise<string | null> {
  for (const candidate of candidates) {
    if (existsSync(candidate) && (await runs(candidate))) return candidate;
  }
  return null;
}

/** Some stand on the PATH and only say how to install them. */
async function runs(program: string): Promise<boolean> {
  const ran = await runCommand(program, ["--version"], { timeoutMs: 30_000 });
  return ran.code === 0 && /Chrom(e|ium)/.test(ran.output);
}
