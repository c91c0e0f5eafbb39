import { refreshDemoRecord } from "./demo-record";
import { openInstallation } from "./installation";
import { liveUntilStopped, serve } from "./lifetime";
import { parseRunOptions } from "./options";
import { createReport } from "./report";
import { setUpLink } from "./set-up-link";
import { startStack } from "./stack";
import { addressLines, signInLines } from "./summary";

/** `npm start` and `npm run dev`: everything but the demonstration, until Ctrl-C. */
export async function main(args: readonly string[]): Promise<void> {
  const root = process.cwd();
  const options = parseRunOptions(args, root);
  if ("help" in options) return console.log(options.help);
  const report = createReport(console.log);
  const installation = await openInstallation(options, report);
  await liveUntilStopped(installation, report, async () => {
    const stack = await startStack(installation, { ...options, root }, report);
    const link = await setUpLink(stack);
    const record = refreshDemoRecord(stack);
    for (const line of addressLines(stack)) report.line(line);
    if (record) for (const line of signInLines(record, stack.folder.file("demo.json"))) report.line(line);
    if (link)
      report.line(`\nNobody is here yet. Make yourself the first administrator; this link works once:\n  ${link}`);
    report.line("\nCtrl-C stops everything.");
    return serve();
  });
}
