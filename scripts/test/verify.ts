import { createReport } from "../run/report";
import { staticChecks } from "./checks";
import { runInLanes } from "./lanes";
import { runCheck, runVitest } from "./suites";
import { add, summaryLine } from "./tally";

/** `npm run verify`: format, lint, structure, types, dead code and unit tests. Needs no service. */
export async function main(): Promise<void> {
  const report = createReport(console.log);
  const [types, ...others] = staticChecks();
  const jobs = [
    ...(types ? [() => runCheck(types, report)] : []),
    () => runVitest("unit", { env: process.env, report }),
    ...others.map((check) => () => runCheck(check, report)),
  ];
  const tally = add(...(await runInLanes(jobs, 2)));
  console.log(summaryLine(tally));
  process.exit(tally.failed > 0 ? 1 : 0);
}
