import { createRequire } from "node:module";
import path from "node:path";
import { type Ran, runCommand } from "../system/run-command";

export type Check = { readonly name: string; readonly run: () => Promise<Ran> };

const LIMIT_MS = 10 * 60_000;

/** The checks that need no service, longest first, so that two at a time end together. */
export function staticChecks(): readonly Check[] {
  return [
    { name: "types", run: () => inTurn(tool("next", ["typegen"]), tool("typescript", ["--noEmit"], "tsc")) },
    { name: "structure", run: () => inTurn(dependencyCruiser(), script("scripts/check-structure.mjs")) },
    { name: "dead code", run: tool("knip", ["--no-progress"]) },
    { name: "format and lint", run: tool("@biomejs/biome", ["check", "--colors=off", "."], "biome") },
  ];
}

function dependencyCruiser(): () => Promise<Ran> {
  const folders = ["app", "bench", "cli", "components", "db", "domain", "e2e", "scripts", "server", "workflows"];
  return tool("dependency-cruiser", ["--config", ".dependency-cruiser.cjs", ...folders], "depcruise");
}

/** The program of an installed package, by the package's own `bin`. */
export function binaryOf(packageName: string, binary = packageName): string {
  const require = createRequire(import.meta.url);
  const folder = path.join(process.cwd(), "node_modules", packageName);
  const { bin } = require(path.join(folder, "package.json")) as {
    readonly bin: string | Readonly<Record<string, string>>;
  };
  const relative = typeof bin === "string" ? bin : bin[binary];
  if (!relative) throw new Error(`${packageName} has no program "${binary}".`);
  return path.join(folder, relative);
}

function tool(packageName: string, args: readonly string[], binary?: string): () => Promise<Ran> {
  return () =>
    runCommand(process.execPath, [binaryOf(packageName, binary), ...args], {
      timeoutMs: LIMIT_MS,
      env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1" },
    });
}

function script(file: string): () => Promise<Ran> {
  return () => runCommand(process.execPath, [file], { timeoutMs: LIMIT_MS });
}

async function inTurn(...commands: readonly (() => Promise<Ran>)[]): Promise<Ran> {
  let output = "";
  for (const command of commands) {
    const ran = await command();
    output += ran.output;
    if (ran.code !== 0) return { code: ran.code, output };
  }
  return { code: 0, output };
}
