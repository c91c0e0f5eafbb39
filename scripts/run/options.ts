import path from "node:path";
import { parseArgs } from "node:util";

export type RunOptions = {
  readonly dataDir: string;
  /** The web port that was asked for; without one 3000 or the next free. */
  readonly port: number | null;
  readonly reset: boolean;
  /** Stop after the demonstration has run to its end. */
  readonly headless: boolean;
  /** Sources run as they are, with Next's development server, instead of a build. */
  readonly dev: boolean;
};

const HELP = `Options:
  --port <number>      web port (default: 3000, or the next free one)
  --data-dir <folder>  where everything is kept (default: .data)
  --reset              begin anew: delete what the data folder holds
  --headless           demonstration only: stop when it has run to its end
  --dev                run the sources with live reload instead of a build
  --help               print this`;

/** Reads the command line of `npm start` and `npm run demo`; throws one sentence about what is wrong. */
export function parseRunOptions(args: readonly string[], root: string): RunOptions | { readonly help: string } {
  const { values } = parseArgs({
    args: [...args],
    strict: true,
    options: {
      port: { type: "string" },
      "data-dir": { type: "string" },
      reset: { type: "boolean", default: false },
      headless: { type: "boolean", default: false },
      dev: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return { help: HELP };
  return {
    dataDir: folderOf(values["data-dir"], root),
    port: portOf(values.port),
    reset: values.reset,
    headless: values.headless,
    dev: values.dev,
  };
}

/** A folder that was named counts from where the command was typed, which npm keeps in INIT_CWD. */
function folderOf(named: string | undefined, root: string): string {
  if (named === undefined) return path.join(root, ".data");
  return path.resolve(process.env.INIT_CWD ?? root, named);
}

function portOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Error(`--port takes a number from 1 to 65535, not "${text}".`);
  return port;
}
