import { type Client, isGrpcServiceError, ServiceError, WorkflowNotFoundError } from "@temporalio/client";
import { and, asc, eq, inArray, isNull, lt, sql } from "drizzle-orm";
import { deployments } from "@/db/schema/deployments";
import { materializations } from "@/db/schema/features";
import { retrainingTriggers } from "@/db/schema/feedback";
import { alerts } from "@/db/schema/monitoring";
import { pipelineRuns } from "@/db/schema/pipelines";
import { promotions } from "@/db/schema/promotions";
import { reviews } from "@/db/schema/reviews";
import { DEPLOYMENT_WORKFLOW, deploymentWorkflowId } from "@/domain/deployments/workflow";
import { materializationMessage } from "@/domain/features/workflow";
import { ALERT_WORKFLOW, alertWorkflowId } from "@/domain/monitoring/workflow";
import { pipelineRunMessage, pipelineRunWorkflowId } from "@/domain/pipelines/workflow";
import { PROMOTION_WORKFLOW, promotionWorkflowId } from "@/domain/promotions/workflow";
import { reviewEvidenceNudge } from "@/domain/reviews/workflow";
import type { ServiceContext } from "../context";
import type { Executor } from "../executors/executor";
import { reconcileSchedules } from "../monitoring/sync-schedule";
import { closeRun } from "../pipelines/close-run";
import { deliver } from "./deliver";
import { pruneRecords } from "./prune-records";

type Services = { readonly ctx: ServiceContext; readonly client: Client; readonly executor: Executor };

/** Younger rows are the relay's business. */
const GRACE_SECONDS = 10;
const MOST = 1_000;
/** Codes of gRPC. */
const DEADLINE_EXCEEDED = 4;
const UNAVAILABLE = 14;

/** `reconcileSchedules` asks Temporal itself. */
const PARTS = [
  reconcileRuns,
  reconcilePromotions,
  reconcileRollbacks,
  reconcileMaterializations,
  reconcileReviews,
  reconcileAlerts,
  reconcileSchedules,
];

/**
 * Compares what Postgres holds open with what Temporal runs, and mends the difference: a lost wait is started
 * again, a run that never began is started, and a run whose workflow is gone is closed with the reason. Every
 * change is guarded by the row's state, so two reconcilers at once do no more than one. What cannot be mended is
 * logged and holds up nothing else.
 */
export async function reconcileOnce(services: Services): Promise<void> {
  for (const part of PARTS) {
    await part(services).catch((error: unknown) =>
      services.ctx.log.warn({ err: error, part: part.name }, "reconciler: a part was left for the next turn"),
    );
  }
  await pruneRecords(services.ctx);
}

/** Mends one after the other. Only an unreachable Temporal ends the turn: asking for each would take a deadline each. */
async function mendEach<T extends { readonly id: string }>(
  ctx: ServiceContext,
  open: readonly T[],
  mend: (one: T) => Promise<void>,
): Promise<void> {
  for (const one of open) {
    try {
      await mend(one);
    } catch (error) {
      if (isUnreachable(error)) throw error;
      ctx.log.error({ err: error, id: one.id }, "reconciler: one could not be mended");
    }
  }
}

function isUnreachable(error: unknown): boolean {
  const cause = error instanceof ServiceError ? error.cause : error;
  return isGrpcServiceError(cause) && (cause.code === UNAVAILABLE || cause.code === DEADLINE_EXCEEDED);
}

type Standing = "open" | "closed" | "missing";

async function standingOf(client: Client, workflowId: string): Promise<Standing> {
  try {
    const { status } = await client.withDeadline(Date.now() + 10_000, () =>
      client.workflow.getHandle(workflowId).describe(),
    );
    return status.name === "RUNNING" || status.name === "CONTINUED_AS_NEW" ? "open" : "closed";
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return "missing";
    throw error;
  }
}

async function reconcileRuns(services: Services): Promise<void> {
  const { ctx, client } = services;
  const open = await ctx.db
    .select({ id: pipelineRuns.id, number: pipelineRuns.number, state: pipelineRuns.state })
    .from(pipelineRuns)
    .where(
      and(
        inArray(pipelineRuns.state, ["queued", "running", "cancelling"]),
        lt(pipelineRuns.createdAt, sql`now() - ${GRACE_SECONDS} * interval '1 second'`),
      ),
    )
    .orderBy(asc(pipelineRuns.createdAt))
    .limit(MOST);
  await mendEach(ctx, open, async (run) => {
    const standing = await standingOf(client, pipelineRunWorkflowId(run.id));
    if (standing !== "open") await mendRun(services, run, standing);
  });
}

async function mendRun(
  { ctx, client, executor }: Services,
  run: {
    readonly id: string;
    readonly number: number;
    readonly state: "queued" | "running" | "cancelling" | "succeeded" | "failed" | "cancelled";
  },
  standing: Exclude<Standing, "open">,
): Promise<void> {
  ctx.log.warn(
    { runId: run.id, number: run.number, state: run.state, workflow: standing },
    "reconciler: the workflow of an open run is gone",
  );
  if (standing === "missing" && run.state === "queued") {
    await deliver(client, ctx.config.temporal.taskQueue, pipelineRunMessage("start", run.id));
    return;
  }
  const [row] = await ctx.db
    .select({ state: pipelineRuns.state })
    .from(pipelineRuns)
    .where(eq(pipelineRuns.id, run.id));
  const isCancelled = row?.state === "cancelling";
  const reason = standing === "missing" ? "Its workflow was lost." : "Its workflow was terminated from outside.";
  await closeRun(
    { ctx, executor },
    { runId: run.id, outcome: isCancelled ? "cancelled" : "failed", reason: isCancelled ? null : reason },
  );
}

async function reconcilePromotions({ ctx, client }: Services): Promise<void> {
  const open = await ctx.db
    .select({ id: promotions.id, number: promotions.number })
    .from(promotions)
    .where(
      and(
        inArray(promotions.state, ["evaluating", "waiting", "deploying"]),
        lt(promotions.createdAt, sql`now() - ${GRACE_SECONDS} * interval '1 second'`),
      ),
    )
    .limit(MOST);
  await mendEach(ctx, open, async ({ id, number }) => {
    const workflowId = promotionWorkflowId(id);
    if ((await standingOf(client, workflowId)) === "open") return;
    ctx.log.warn({ promotionId: id, number }, "reconciler: a promotion's wait was lost and is started again");
    await deliver(client, ctx.config.temporal.taskQueue, {
      act: "nudge",
      workflow: PROMOTION_WORKFLOW,
      workflowId,
      input: { promotionId: id },
    });
  });
}

/** A promotion's workflow brings its own deployment; a rollback has one of its own, which may have been lost. */
async function reconcileRollbacks({ ctx, client }: Services): Promise<void> {
  const open = await ctx.db
    .select({ id: deployments.id, number: deployments.number })
    .from(deployments)
    .where(
      and(
        eq(deployments.state, "pending"),
        eq(deployments.kind, "rollback"),
        lt(deployments.createdAt, sql`now() - ${GRACE_SECONDS} * interval '1 second'`),
      ),
    )
    .limit(MOST);
  await mendEach(ctx, open, async ({ id, number }) => {
    const workflowId = deploymentWorkflowId(id);
    if ((await standingOf(client, workflowId)) === "open") return;
    ctx.log.warn({ deploymentId: id, number }, "reconciler: a rollback was lost and is started again");
    await deliver(client, ctx.config.temporal.taskQueue, {
      act: "nudge",
      workflow: DEPLOYMENT_WORKFLOW,
      workflowId,
      input: { deploymentId: id },
    });
  });
}

/** A copy to the online table goes on where its rows end. */
async function reconcileMaterializations({ ctx, client }: Services): Promise<void> {
  const open = await ctx.db
    .select({ id: materializations.id })
    .from(materializations)
    .where(
      and(
        inArray(materializations.state, ["queued", "copying"]),
        lt(materializations.createdAt, sql`now() - ${GRACE_SECONDS} * interval '1 second'`),
      ),
    )
    .limit(MOST);
  await mendEach(ctx, open, async ({ id }) => {
    const message = materializationMessage("nudge", id);
    if ((await standingOf(client, message.workflowId)) === "open") return;
    ctx.log.warn({ materializationId: id }, "reconciler: a copy to the online table was lost and is started again");
    await deliver(client, ctx.config.temporal.taskQueue, message);
  });
}

/** Evidence of a review that was asked for and that nobody computes. */
async function reconcileReviews({ ctx, client }: Services): Promise<void> {
  const behind = await ctx.db
    .select({ id: reviews.id, number: reviews.number })
    .from(reviews)
    .where(
      and(
        eq(reviews.state, "open"),
        lt(reviews.computedRevision, reviews.requestedRevision),
        lt(reviews.createdAt, sql`now() - ${GRACE_SECONDS} * interval '1 second'`),
      ),
    )
    .limit(MOST);
  await mendEach(ctx, behind, async ({ id, number }) => {
    const message = reviewEvidenceNudge(id);
    if ((await standingOf(client, message.workflowId)) === "open") return;
    ctx.log.warn({ reviewId: id, number }, "reconciler: a review's evidence was lost and is asked for again");
    await deliver(client, ctx.config.temporal.taskQueue, message);
  });
}

/** Alerts that fired and that nobody heard of: the finding is routed now. */
async function reconcileAlerts({ ctx, client }: Services): Promise<void> {
  const unrouted = await ctx.db
    .select({ id: alerts.id, projectId: alerts.projectId, number: alerts.number })
    .from(alerts)
    .leftJoin(retrainingTriggers, eq(retrainingTriggers.alertId, alerts.id))
    .where(and(isNull(retrainingTriggers.id), lt(alerts.firedAt, sql`now() - ${GRACE_SECONDS} * interval '1 second'`)))
    .limit(MOST);
  await mendEach(ctx, unrouted, async ({ id, projectId, number }) => {
    const workflowId = alertWorkflowId(id);
    if ((await standingOf(client, workflowId)) === "open") return;
    ctx.log.warn({ alertId: id, number }, "reconciler: an alert's way to people was lost and is started again");
    await deliver(client, ctx.config.temporal.taskQueue, {
      act: "nudge",
      workflow: ALERT_WORKFLOW,
      workflowId,
      input: { projectId, alertId: id },
    });
  });
}
