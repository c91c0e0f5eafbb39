import { eq } from "drizzle-orm";
import { afterAll, expect, vi } from "vitest";
import { alerts, monitorChecks, monitors } from "@/db/schema/monitoring";
import { scheduleId } from "@/domain/monitoring/workflow";
import { receiveLabels } from "@/server/monitoring/receive-labels";
import { reconcileSchedules } from "@/server/monitoring/sync-schedule";
import { answeredDays, labelsFor, servedScene, watched } from "@/server/testing/monitoring";
import { test as base } from "@/server/testing/world";
import { feedbackActivities } from "../feedback/activities";
import { onTestServer, startTestHost, type TestHost } from "../testing/host";
import { monitoringActivities } from "./activities";

let host: TestHost | undefined;
const test = base.extend<{ readonly temporal: TestHost }>({
  temporal: async ({ service }, use) => {
    const services = { ctx: onTestServer(service) };
    host ??= await startTestHost(service, () => ({
      ...monitoringActivities(services),
      ...feedbackActivities(services),
    }));
    await use(host);
  },
});
afterAll(async () => host?.stop());

const WAIT = { timeout: 30_000, interval: 100 };

test("the schedule runs the check, the alert routes itself, pause and deletion reach the schedule", async ({
  world,
  service,
  temporal,
}) => {
  const projectId = world.project.id;
  const scene = await servedScene(world);
  const answers = await answeredDays(world, scene, { from: "2013-10-01", days: 92 });
  await answeredDays(world, scene, { from: "2014-01-03", days: 1 });
  await receiveLabels(world.ctx, await scene.people.scientist.scope("serving.label"), labelsFor(answers, 53));
  const made = await watched(world, scene, { intervalSeconds: 1 });

  // Nobody calls the check: the schedule does.
  await vi.waitFor(async () => {
    const checks = await world.db.select().from(monitorChecks).where(eq(monitorChecks.monitorId, made.id));
    expect(checks.map((check) => [check.kind, check.verdict]).sort()).toEqual([
      ["inputs", "pass"],
      ["quality", "fail"],
    ]);
  }, WAIT);
  const [alert, ...others] = await world.db.select().from(alerts).where(eq(alerts.projectId, projectId));
  expect(alert?.state).toBe("firing");
  const routed = temporal.client.workflow.getHandle(`monitoring/alert/${alert?.id}`);
  await vi.waitFor(async () => expect((await routed.describe()).status.name).toBe("COMPLETED"), WAIT);

  const handle = temporal.client.schedule.getHandle(scheduleId(made.id));
  const { mlEngineer } = scene.people;
  await mlEngineer.api.monitoring.change({ projectId, monitorId: made.id, act: "pause" });
  await vi.waitFor(async () => expect((await handle.describe()).state.paused).toBe(true), WAIT);
  // A person's own check runs beside the paused schedule.
  const [before] = await world.db.select().from(monitors).where(eq(monitors.id, made.id));
  await mlEngineer.api.monitoring.checkNow({ projectId, monitorId: made.id });
  await vi.waitFor(async () => {
    const [after] = await world.db.select().from(monitors).where(eq(monitors.id, made.id));
    expect(after?.lastCheckedAt?.getTime()).toBeGreaterThan(before?.lastCheckedAt?.getTime() ?? 0);
  }, WAIT);

  // A schedule that is lost is made again from the record.
  await mlEngineer.api.monitoring.change({ projectId, monitorId: made.id, act: "resume" });
  await vi.waitFor(async () => expect((await handle.describe()).state.paused).toBe(false), WAIT);
  await handle.delete();
  await reconcileSchedules({ ctx: onTestServer(service), client: temporal.client });
  await vi.waitFor(async () => expect((await handle.describe()).state.paused).toBe(false), WAIT);

  await mlEngineer.api.monitoring.change({ projectId, monitorId: made.id, act: "delete" });
  await vi.waitFor(() => expect(handle.describe()).rejects.toMatchObject({ name: "ScheduleNotFoundError" }), WAIT);
  expect(others).toEqual([]);
}, 90_000);
