import { runDemonstration } from "../demo/run-demonstration";
import { loadDemoRecord, refreshDemoRecord } from "./demo-record";
import { openInstallation } from "./installation";
import { liveUntilStopped, serve } from "./lifetime";
import { parseRunOptions } from "./options";
import { prebuildPython } from "./python-packages";
import { createReport } from "./report";
import { setUpLink } from "./set-up-link";
import { startStack } from "./stack";
import { addressLines, signInLines } from "./summary";

/** `npm run demo`: starts everything and drives the demonstration to its end, or goes on where it was cut off. */
export async function main(args: readonly string[]): Promise<void> {
  const root = process.cwd();
  const options = parseRunOptions(args, root);
  if ("help" in options) return console.log(options.help);
  const report = createReport(console.log);
  const installation = await openInstallation(options, report);
  await liveUntilStopped(installation, report, async () => {
    report.line("Starting Countersign");
    if (!loadDemoRecord(installation.folder)) void prebuildPython(root, options.dataDir, report);
    const stack = await startStack(installation, { ...options, root }, report);
    const record =
      refreshDemoRecord(stack) ?? (await runDemonstration({ stack, report, setUpLink: () => setUpLink(stack) }));
    for (const line of addressLines(stack)) report.line(line);
    for (const line of signInLines(record, stack.folder.file("demo.json"))) report.line(line);
    if (options.headless) return { code: 0 };
    report.line("\nCtrl-C stops everything; npm start continues it.");
    return serve();
  });
}
