import { existsSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Report } from "../run/report";
import { runCommand } from "../system/run-command";
import { binaryOf, type Check } from "./checks";
import { ONE_FAILED, ONE_PASSED, summaryLine, type Tally, tallyOfPlaywright, tallyOfVitest } from "./tally";

const LIMIT_MS = 14 * 60_000;

export type VitestProject = "unit" | "integration" | "workflows";

/** One check counts as one test. */
export async function runCheck(check: Check, report: Report): Promise<Tally> {
  const started = performance.now();
  const ran = await check.run();
  const hasPassed = ran.code === 0;
  report.line(`  ${hasPassed ? "✓" : "✗"} ${check.name} (${seconds(started)})`);
  if (!hasPassed) report.line(ran.output.trim());
  return hasPassed ? ONE_PASSED : ONE_FAILED;
}

/** Runs one project of vitest.config.ts; `filters` are parts of file names. */
export function runVitest(
  project: VitestProject,
  settings: { readonly env: NodeJS.ProcessEnv; readonly report: Report; readonly filters?: readonly string[] },
): Promise<Tally> {
  const output = reportFile(project);
  const args = [
    "run",
    "--project",
    project,
    "--passWithNoTests",
    "--reporter=dot",
    "--reporter=json",
    `--outputFile.json=${output}`,
    ...(settings.filters ?? []),
  ];
  return runSuite({
    title: `${project} tests`,
    program: binaryOf("vitest"),
    args,
    output,
    tallyOf: tallyOfVitest,
    ...settings,
  });
}

/** Runs the browser tests against servers that run already. */
export function runPlaywright(settings: {
  readonly env: NodeJS.ProcessEnv;
  readonly report: Report;
  readonly filters?: readonly string[];
}): Promise<Tally> {
  const output = reportFile("browser");
  return runSuite({
    title: "browser tests",
    program: binaryOf("@playwright/test", "playwright"),
    args: ["test", "--reporter=list,json", "--pass-with-no-tests", ...(settings.filters ?? [])],
    output,
    tallyOf: tallyOfPlaywright,
    report: settings.report,
    env: { ...settings.env, PLAYWRIGHT_JSON_OUTPUT_NAME: output },
  });
}

type Suite = {
  readonly title: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly output: string;
  readonly tallyOf: (report: unknown) => Tally;
  readonly report: Report;
};

/** The suite's own output is shown when something in it failed; its counts come from its report. */
async function runSuite({ title, program, args, env, output, tallyOf, report }: Suite): Promise<Tally> {
  const started = performance.now();
  const ran = await runCommand(process.execPath, [program, ...args], { env, timeoutMs: LIMIT_MS });
  const tally = existsSync(output) ? tallyOf(JSON.parse(readFileSync(output, "utf8"))) : ONE_FAILED;
  const hasPassed = ran.code === 0 && tally.failed === 0;
  report.line(`  ${hasPassed ? "✓" : "✗"} ${title}: ${summaryLine(tally)} (${seconds(started)})`);
  if (hasPassed) return tally;
  report.line(ran.output.trim());
  return tally.failed > 0 ? tally : { ...tally, failed: 1 };
}

function reportFile(name: string): string {
  const folder = path.resolve("test-results", "reports");
  mkdirSync(folder, { recursive: true });
  return path.join(folder, `${name}-${process.pid}.json`);
}

function seconds(started: number): string {
  return `${((performance.now() - started) / 1000).toFixed(1)} s`;
}
