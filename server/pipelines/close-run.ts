import { and, eq, inArray } from "drizzle-orm";
import { pipelineRunSteps, pipelineRuns, stepAttempts } from "@/db/schema/pipelines";
import { isRunOver, type RunState } from "@/domain/pipelines/status";
import { writeAudit } from "../audit/write-audit";
import { systemActor } from "../authz/authorize";
import type { ServiceContext } from "../context";
import type { Executor } from "../executors/executor";
import { recordSplitManifests } from "../lineage/record-split-manifest";
import { publishEvent } from "../notifications/publish-event";
import { loadRun } from "./load-step";
import { killLeftovers, retireAttempts } from "./retire-attempts";

type Outcome = Extract<RunState, "succeeded" | "failed" | "cancelled">;
export type RunEnd = { readonly runId: string; readonly outcome: Outcome; readonly reason: string | null };

const SUMMARIES: Readonly<Record<Outcome, string>> = {
  succeeded: "succeeded",
  failed: "failed",
  cancelled: "was cancelled",
};

/**
 * Writes how a run ended. What its steps may have left running is ended first, so that "cancelled" means that
 * no process is left. A run that is over stays as it is, so the call may be repeated.
 */
export async function closeRun(
  services: { readonly ctx: ServiceContext; readonly executor: Executor },
  end: RunEnd,
): Promise<void> {
  const { ctx, executor } = services;
  const { run, organisationId, pipelineName } = await loadRun(ctx, end.runId);
  if (isRunOver(run.state)) return;
  const isOpen = and(eq(stepAttempts.runId, run.id), inArray(stepAttempts.state, ["starting", "running"]));
  const open = await ctx.db.select().from(stepAttempts).where(isOpen);
  await killLeftovers(executor, open);
  if (end.outcome === "succeeded") await keepSplit(ctx, run);

  await ctx.db.transaction(async (tx) => {
    const [locked] = await tx
      .select({ state: pipelineRuns.state })
      .from(pipelineRuns)
      .where(eq(pipelineRuns.id, run.id))
      .for("no key update");
    if (!locked || isRunOver(locked.state)) return;
    const isCancelled = end.outcome === "cancelled";
    const reason = isCancelled ? "The run was cancelled." : (end.reason ?? "The run ended without it.");
    await retireAttempts(ctx, tx, { attempts: open, state: isCancelled ? "cancelled" : "lost", reason });
    const isOfRun = eq(pipelineRunSteps.runId, run.id);
    await tx
      .update(pipelineRunSteps)
      .set({ state: isCancelled ? "cancelled" : "failed", reason, finishedAt: ctx.clock() })
      .where(and(isOfRun, inArray(pipelineRunSteps.state, ["queued", "running"])));
    await tx
      .update(pipelineRunSteps)
      .set({ state: isCancelled ? "cancelled" : "skipped", reason })
      .where(and(isOfRun, eq(pipelineRunSteps.state, "pending")));
    await tx
      .update(pipelineRuns)
      .set({ state: end.outcome, reason: end.reason, finishedAt: ctx.clock() })
      .where(eq(pipelineRuns.id, run.id));
    await writeAudit(tx, {
      actor: systemActor("pipelines"),
      organisationId,
      projectId: run.projectId,
      action: `pipelines.run_${end.outcome}`,
      entity: { kind: "pipeline_run", id: run.id },
      summary: `run #${run.number} of ${pipelineName} ${SUMMARIES[end.outcome]}`,
      details: { number: run.number, outcome: end.outcome, reason: end.reason },
      requestId: ctx.requestId,
      at: ctx.clock(),
    });
    await publishEvent(tx, run.projectId, "pipelines", run.id);
  });
}

/** Before the end is written, so that a repeated call gets here again. A run does not fail for want of its manifest. */
async function keepSplit(ctx: ServiceContext, run: { readonly id: string; readonly projectId: string }): Promise<void> {
  try {
    await recordSplitManifests(ctx, run);
  } catch (error) {
    ctx.log.error({ err: error, runId: run.id }, "the split of a run's training set could not be recorded");
  }
}
