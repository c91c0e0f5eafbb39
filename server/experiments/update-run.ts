import { eq } from "drizzle-orm";
import { experimentRuns, runTags } from "@/db/schema/experiments";
import type { ExperimentRunStatus } from "@/domain/experiments/status";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { publishEvent } from "../notifications/publish-event";
import { RUN_NAME_TAG } from "./create-run";
import { writableRun } from "./run-access";

export type RunUpdate = {
  readonly runId: string;
  readonly status?: ExperimentRunStatus | undefined;
  readonly endMs?: number | undefined;
  readonly name?: string | undefined;
};

/** Changes state, end or name of a run; what is absent stays as it is. */
export async function updateRun(
  ctx: ServiceContext,
  scope: Scope<"experiments.write">,
  input: RunUpdate,
): Promise<string> {
  return ctx.db.transaction(async (tx) => {
    const run = await writableRun(tx, scope, input.runId);
    const next = {
      ...(input.status && { status: input.status }),
      ...(input.endMs !== undefined && { endMs: input.endMs }),
      ...(input.name && { name: input.name }),
    };
    if (Object.keys(next).length > 0) await tx.update(experimentRuns).set(next).where(eq(experimentRuns.id, run.id));
    if (input.name) {
      await tx
        .insert(runTags)
        .values({ runId: run.id, key: RUN_NAME_TAG, value: input.name })
        .onConflictDoUpdate({ target: [runTags.runId, runTags.key], set: { value: input.name } });
    }
    await publishEvent(tx, scope.projectId, "experiments", run.id);
    return run.id;
  });
}
