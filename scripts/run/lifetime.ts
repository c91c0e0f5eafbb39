import { messageOf } from "./data-folder";
import type { Report } from "./report";
import type { Installation } from "./stack";

const STOP_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Runs `work` on the installation and stops every part at its end, at Ctrl-C or a termination, and when
 * a part that cannot be restarted has failed. A second Ctrl-C does not wait.
 */
export async function liveUntilStopped(
  installation: Installation,
  report: Report,
  work: () => Promise<void>,
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
  });
  try {
    const ended = await Promise.race([work().then(() => "done" as const), interrupted, installation.supervisor.failed]);
    if (ended === "interrupted") report.line("\nStopping; everything continues from here at the next start.");
    await installation.close();
    process.exit(0);
  } catch (error) {
    console.error(`\n${messageOf(error)}`);
    if (process.env.COUNTERSIGN_TRACE !== undefined) console.error(error);
    await installation.close();
    process.exit(1);
  }
}

/** Never resolves: the installation serves until something else ends it. */
export function serve(): Promise<never> {
  return new Promise(() => {
    setInterval(() => undefined, 2 ** 30);
  });
}
