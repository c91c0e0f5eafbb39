import { and, eq } from "drizzle-orm";
import { pipelineRuns } from "@/db/schema/pipelines";
import type { ServiceContext } from "../context";
import { publishEvent } from "../notifications/publish-event";
import { loadRun } from "./load-step";

/** What the workflow needs of a plan: order and limits. The work itself stays in Postgres. */
export type OpenedRun = {
  /** False where it was cancelled before it began, or is over. */
  readonly mayRun: boolean;
  readonly steps: readonly {
    readonly key: string;
    readonly needs: readonly string[];
    readonly retryDelayMs: number;
    readonly timeoutMs: number;
  }[];
};

/** Marks a queued run as running and answers its steps. May be called again. */
export async function openRun(ctx: ServiceContext, runId: string): Promise<OpenedRun> {
  const { run, plan } = await loadRun(ctx, runId);
  const state = await ctx.db.transaction(async (tx) => {
    const [opened] = await tx
      .update(pipelineRuns)
      .set({ state: "running", startedAt: ctx.clock() })
      .where(and(eq(pipelineRuns.id, runId), eq(pipelineRuns.state, "queued")))
      .returning({ state: pipelineRuns.state });
    if (!opened) return null;
    await publishEvent(tx, run.projectId, "pipelines", runId);
    return opened.state;
  });
  const steps = plan.steps.map(({ key, needs, retryDelayMs, timeoutMs }) => ({ key, needs, retryDelayMs, timeoutMs }));
  return { mayRun: (state ?? run.state) === "running", steps };
}
