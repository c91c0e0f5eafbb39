import { runCommand } from "../system/run-command";
import { accountOf } from "./cast";
import type { Place } from "./release";

/** Uses the command that a person would use, with her own token in its environment. */
export async function pushPipeline(place: Place): Promise<void> {
  const ran = await runCommand(process.execPath, ["cli/countersign.mjs", "pipeline", "push", "examples/seattle-rain"], {
    env: {
      NODE_ENV: "production",
      PATH: process.env.PATH ?? "",
      HOME: process.env.HOME ?? "",
      COUNTERSIGN_URL: place.url,
      COUNTERSIGN_TOKEN: accountOf(place.accounts, "R6").token,
    },
  });
  if (ran.code !== 0) throw new Error(`The pipeline could not be pushed: ${ran.output.trim()}`);
}
