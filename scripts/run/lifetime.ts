import { messageOf } from "./data-folder";
import type { Installation } from "./installation";
import type { Report } from "./report";

const PARENT_LOOK_MS = 500;
const STOP_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** How a command ends: its exit code, a line that is printed when everything has stopped, and whether its data goes. */
export type Ending = { readonly code: number; readonly lastLine?: string; readonly erases?: boolean };

/**
 * Runs `work` on the installation and stops every part at its end, at Ctrl-C or a termination, and when
 * a part that cannot be restarted has failed. A second Ctrl-C does not wait.
 */
export async function liveUntilStopped(
  installation: Installation,
  report: Report,
  work: () => Promise<Ending>,
): Promise<never> {
  let isStopping = false;
  const interrupted = new Promise<"interrupted">((resolve) => {
    for (const name of STOP_SIGNALS) {
      process.on(name, () => {
        if (isStopping) {
          installation.kill();
          process.exit(1);
        }
        isStopping = true;
        resolve("interrupted");
      });
    }
    onParentGone(() => resolve("interrupted"));
  });
  try {
    const ending = await Promise.race([work(), interrupted, installation.supervisor.failed]);
    if (ending === "interrupted") report.line("\nStopping.");
    await installation.close({ erases: ending !== "interrupted" && ending.erases === true });
    if (ending === "interrupted") process.exit(0);
    if (ending.lastLine) report.line(ending.lastLine);
    process.exit(ending.code);
  } catch (error) {
    console.error(`\n${messageOf(error)}`);
    if (process.env.COUNTERSIGN_TRACE !== undefined) console.error(error);
    await installation.close();
    process.exit(1);
  }
}

/** npm runs us below a shell that a termination of npm ends without telling us. */
function onParentGone(react: () => void): void {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    react();
  }, PARENT_LOOK_MS);
  timer.unref();
}

/** Never resolves: the installation serves until something else ends it. */
export function serve(): Promise<never> {
  return new Promise(() => {
    setInterval(() => undefined, 2 ** 30);
  });
}
