import path from "node:path";
import { runDemonstration } from "../demo/run-demonstration";
import { runCommand } from "../system/run-command";
import { loadDemoRecord } from "./demo-record";
import { openInstallation } from "./installation";
import { liveUntilStopped } from "./lifetime";
import { prebuildPython } from "./python-packages";
import { createReport } from "./report";
import { setUpLink } from "./set-up-link";
import { startStack } from "./stack";

const WEB_FROM = 3950;

/** `npm run bench`: measures a production build that the demonstration has filled, on a data folder of its own. */
export async function main(args: readonly string[]): Promise<void> {
  const root = process.cwd();
  const dataDir = path.join(root, ".data-bench");
  const report = createReport(console.log);
  const installation = await openInstallation({ dataDir, reset: true }, report);
  await liveUntilStopped(installation, report, async () => {
    void prebuildPython(root, dataDir, report);
    const stack = await startStack(installation, { root, port: null, webFrom: WEB_FROM, dev: false }, report);
    if (!loadDemoRecord(stack.folder)) {
      await runDemonstration({ stack, report, setUpLink: () => setUpLink(stack) });
    }
    report.line("");
    const ran = await runCommand(process.execPath, ["--import", "tsx", "bench/main.ts", ...args], {
      cwd: root,
      env: { ...stack.env, COUNTERSIGN_E2E_DEMO: stack.folder.file("demo.json") },
      onOutput: (text) => process.stdout.write(text),
    });
    return { code: ran.code === 0 ? 0 : 1 };
  });
}
