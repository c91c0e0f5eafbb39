import { and, asc, eq, inArray } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { experimentRuns } from "@/db/schema/experiments";
import { stepAttempts } from "@/db/schema/pipelines";
import type { AttemptState } from "@/domain/pipelines/status";
import type { ServiceContext } from "../context";
import type { Executor } from "../executors/executor";
import { finishStepExperimentRun } from "../experiments/step-experiment-run";
import { revokeRunToken } from "../identity/run-tokens";

type Open = Pick<
  typeof stepAttempts.$inferSelect,
  "id" | "projectId" | "state" | "host" | "processGroup" | "processStartedAt" | "experimentRunId"
>;

export function isAttemptOpen(attempt: Pick<Open, "state">): boolean {
  return attempt.state === "starting" || attempt.state === "running";
}

/** Ends the process groups that attempts of a dead worker left behind, and waits until they are gone. */
export async function killLeftovers(executor: Executor, attempts: readonly Open[]): Promise<void> {
  await Promise.all(
    attempts.map(async ({ host, processGroup, processStartedAt }) => {
      if (processGroup !== null && processStartedAt !== null)
        await executor.killLeftover({ host, processGroup, processStartedAt });
    }),
  );
}

/** Closes attempts whose processes are gone: their tokens die and their experiment runs are KILLED. Those that ended otherwise keep their word. */
export async function retireAttempts(
  ctx: ServiceContext,
  tx: Transaction,
  {
    attempts,
    state,
    reason,
  }: {
    readonly attempts: readonly Open[];
    readonly state: Extract<AttemptState, "lost" | "cancelled">;
    readonly reason: string;
  },
): Promise<void> {
  await lockExperimentRuns(tx, attempts);
  for (const attempt of attempts) {
    const [retired] = await tx
      .update(stepAttempts)
      .set({ state, reason, finishedAt: ctx.clock() })
      .where(and(eq(stepAttempts.id, attempt.id), inArray(stepAttempts.state, ["starting", "running"])))
      .returning({ id: stepAttempts.id });
    if (!retired) continue;
    await revokeRunToken(ctx, attempt.id, tx);
    if (attempt.experimentRunId !== null) {
      await finishStepExperimentRun(
        ctx,
        { projectId: attempt.projectId, experimentRunId: attempt.experimentRunId, status: "KILLED" },
        tx,
      );
    }
  }
}

/** Rows first, the project's counter after them: a client that logs to one of these runs takes them in this order too. */
async function lockExperimentRuns(tx: Transaction, attempts: readonly Open[]): Promise<void> {
  const ids = attempts.flatMap((attempt) => attempt.experimentRunId ?? []);
  if (ids.length < 2) return;
  await tx
    .select({ id: experimentRuns.id })
    .from(experimentRuns)
    .where(inArray(experimentRuns.id, ids))
    .orderBy(asc(experimentRuns.id))
    .for("no key update");
}
