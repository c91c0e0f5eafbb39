import { expect } from "vitest";
import { predictions } from "@/db/schema/serving";
import { newId } from "../ids";
import { registerFixture } from "../testing/models";
import { test, World } from "../testing/world";

test("recent predictions and traffic are of one model, environment and project", async ({ world, service }) => {
  const model = await registerFixture(world, {});
  const now = Date.now();
  const row = (minutesAgo: number, latencyMicros: number, more = {}) => ({
    requestId: newId(),
    row: 0,
    projectId: world.project.id,
    modelId: model.modelId,
    modelVersionId: model.id,
    deploymentId: newId(),
    environment: "production" as const,
    eventTime: new Date("2013-01-01"),
    receivedAt: new Date(now - minutesAgo * 60_000),
    inputs: { wind: minutesAgo },
    outputs: { label: 1 },
    latencyMicros,
    ...more,
  });
  const elsewhere = await World.create(service);
  await world.db
    .insert(predictions)
    .values([
      row(3, 1_000),
      row(2, 2_000, { eventTime: new Date("2013-03-31") }),
      row(1, 3_000),
      row(90, 9_000),
      row(1, 9_000, { environment: "staging" }),
      row(1, 9_000, { projectId: elsewhere.project.id }),
    ]);
  const reader = await world.member("R1");
  const about = { projectId: world.project.id, modelId: model.modelId, environment: "production" as const };
  const recent = await reader.api.serving.recent({ ...about, limit: 3 });
  expect(recent.map((one) => one.inputs)).toEqual([{ wind: 1 }, { wind: 2 }, { wind: 3 }]);
  expect(recent[0]).toMatchObject({ version: 1, latencyMs: 3, outputs: { label: 1 } });
  const traffic = await reader.api.serving.traffic(about);
  expect(traffic).toMatchObject({ rows: 3, p50Ms: 2, newestEventTime: new Date("2013-03-31") });
  expect(traffic.perMinute.map((minute) => minute.rows)).toEqual([1, 1, 1]);
  expect(traffic.perMinute[0]?.minute).toBeInstanceOf(Date);
  const quiet = await reader.api.serving.traffic({ ...about, environment: "staging", minutes: 1 });
  expect(quiet).toMatchObject({ rows: expect.any(Number) });
  const stranger = await world.member();
  await expect(stranger.api.serving.recent(about)).rejects.toMatchObject({ code: "NOT_FOUND" });
});
