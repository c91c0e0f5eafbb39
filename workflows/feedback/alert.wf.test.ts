import { eq, sql } from "drizzle-orm";
import { expect, onTestFinished, vi } from "vitest";
import { feedbackItems, retrainingTriggers } from "@/db/schema/feedback";
import { alerts } from "@/db/schema/monitoring";
import { pipelineRuns } from "@/db/schema/pipelines";
import { ALERT_WORKFLOW, alertWorkflowId } from "@/domain/monitoring/workflow";
import { enqueue } from "@/server/outbox/enqueue";
import { reconcileOnce } from "@/server/outbox/reconciler";
import { firingAlert, pushDefinition, watchedModel } from "@/server/testing/feedback";
import { test, type World } from "@/server/testing/world";
import { createActivities } from "../activities";
import { onTestServer, startTestHost } from "../testing/host";
import { startWorkerProcess } from "../testing/worker-process";

/** A firing alert on a model whose policy retrains at once. */
async function firing(world: World) {
  const mlEngineer = await world.member("R7");
  const model = await watchedModel(world, mlEngineer);
  const { pipelineId } = await pushDefinition(world, mlEngineer);
  await mlEngineer.api.feedback.saveRetrainingPolicy({
    projectId: world.project.id,
    modelId: model.modelId,
    pipelineId,
    mode: "at_once",
    baseVersion: 0,
  });
  return firingAlert(world, model);
}

async function counts({ db, project }: World) {
  return Promise.all([
    db.$count(alerts, eq(alerts.projectId, project.id)),
    db.$count(feedbackItems, eq(feedbackItems.projectId, project.id)),
    db.$count(retrainingTriggers, eq(retrainingTriggers.projectId, project.id)),
    db.$count(pipelineRuns, eq(pipelineRuns.projectId, project.id)),
  ]);
}

test("a worker that is killed between alert and retraining: one alert, one item, one run", async ({
  world,
  service,
}) => {
  const ctx = onTestServer(service);
  const projectId = world.project.id;
  const alert = await firing(world);
  // The check's transaction does this; twice is what a check that was tried again would do.
  const message = {
    act: "start",
    workflow: ALERT_WORKFLOW,
    workflowId: alertWorkflowId(alert.alertId),
    input: { projectId, alertId: alert.alertId },
  } as const;
  await enqueue(world.db, message, ctx.requestId);
  await enqueue(world.db, message, ctx.requestId);

  // While the alert's row is held, the first worker is inside the activity; it dies there.
  const first = await startWorkerProcess(ctx);
  onTestFinished(first.kill);
  await world.db.transaction(async (tx) => {
    await tx.select().from(alerts).where(eq(alerts.id, alert.alertId)).for("no key update");
    await vi.waitFor(
      async () => {
        const waiting = await tx.execute<{ n: number }>(
          "select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
        );
        expect(waiting[0]?.n).toBeGreaterThan(0);
      },
      { timeout: 90_000, interval: 50 },
    );
    await first.kill();
  });

  const second = await startWorkerProcess(ctx);
  onTestFinished(second.kill);
  await vi.waitFor(
    async () => {
      const [run] = await world.db.select().from(pipelineRuns).where(eq(pipelineRuns.projectId, projectId));
      expect(run?.state).toBe("succeeded");
    },
    { timeout: 60_000, interval: 100 },
  );
  expect(await counts(world)).toEqual([1, 1, 1, 1]);
}, 240_000);

test("an alert whose start was lost is found by the reconciler, and routed once", async ({ world, service }) => {
  const ctx = onTestServer(service);
  const alert = await firing(world);
  await world.db.update(alerts).set({ firedAt: sql`now() - interval '1 minute'` }).where(eq(alerts.id, alert.alertId));
  const host = await startTestHost(service, createActivities);
  onTestFinished(host.stop);
  const executor = { run: () => Promise.reject(new Error("unused")), killLeftover: () => Promise.resolve() };
  const services = { ctx, client: host.client, executor };
  await Promise.all([reconcileOnce(services), reconcileOnce(services)]);
  await vi.waitFor(async () => expect(await counts(world)).toEqual([1, 1, 1, 1]), { timeout: 30_000, interval: 100 });
  await reconcileOnce(services);
  expect(await counts(world)).toEqual([1, 1, 1, 1]);
}, 60_000);
