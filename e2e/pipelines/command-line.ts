import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Demonstration } from "../people";

/** `output` is standard output and error together, `answer` standard output alone. */
export type Ended = { readonly code: number; readonly output: string; readonly answer: string };

/** A folder that looks like the checkout to a reader of the documents, in which nothing of the checkout is written. */
export function makeShell(demo: Demonstration, token: string) {
  const folder = mkdtempSync(path.join(os.tmpdir(), "countersign-shell-"));
  const checkout = path.resolve(".");
  const programs = path.join(folder, ".programs");
  mkdirSync(programs);
  writeFileSync(
    path.join(programs, "npx"),
    `#!/bin/sh\nshift\nexec "${process.execPath}" "${checkout}/cli/countersign.mjs" "$@"\n`,
  );
  chmodSync(path.join(programs, "npx"), 0o755);
  symlinkSync(path.join(checkout, "examples"), path.join(folder, "examples"));
  const env = {
    NODE_ENV: "test" as const,
    PATH: `${programs}:${process.env.PATH ?? ""}`,
    HOME: folder,
    COUNTERSIGN_URL: demo.url,
    COUNTERSIGN_TOKEN: token,
    GATEWAY: demo.gatewayUrl,
  };
  const run = (program: string, args: readonly string[]): Promise<Ended> =>
    new Promise<Ended>((resolve) => {
      execFile(program, [...args], { cwd: folder, env, maxBuffer: 16 * 1024 * 1024 }, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), output: `${stdout}${stderr}`, answer: stdout });
      });
    });
  return {
    folder,
    /** Lines of shell, ending at the first that fails. */
    lines: (text: string) => run("bash", ["-e", "-u", "-c", text]),
    countersign: (...args: string[]) => run("npx", ["countersign", ...args]),
  };
}
