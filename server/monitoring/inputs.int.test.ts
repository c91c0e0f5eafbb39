import { eq } from "drizzle-orm";
import { expect } from "vitest";
import { monitorChecks, predictionFailures } from "@/db/schema/monitoring";
import { newId } from "../ids";
import { answeredDays, day, servedScene, watched } from "../testing/monitoring";
import { trainedOn } from "../testing/trained";
import { test, type World } from "../testing/world";
import { runCheck } from "./run-check";

const DAYS = `SELECT 'a' AS sensor, DATE '2012-01-01' + CAST(range AS INTEGER) AS event_day, range AS n FROM range(366)`;
/** The same inputs as `answeredDays` sends, and one that the model does not take. */
const TRAINED = `SELECT sensor, event_day, 10 + (n % 12) AS temp_max, 3 + (n % 7) AS temp_min,
  CAST(2 + (n % 9) / 2 AS DOUBLE) AS wind, n AS rank FROM (${DAYS})`;
const COLUMNS = ["temp_max", "temp_min", "wind", "rank"];

async function inputsOf(world: World) {
  const checks = await world.db.select().from(monitorChecks).where(eq(monitorChecks.projectId, world.project.id));
  const check = checks.find((each) => each.kind === "inputs");
  if (check?.details.kind !== "inputs") throw new Error("No inputs were judged.");
  return { ...check, details: check.details };
}

test("inputs are compared with the same months of training; drift warns, and only above what sampling explains", async ({
  world,
}) => {
  const scene = await servedScene(world);
  await trainedOn(world, {
    modelVersionId: scene.model.id,
    people: scene.people,
    data: { query: TRAINED, rows: 366, columns: COLUMNS },
  });
  // The wind is a storm in the whole quarter; the temperatures are as they were.
  await answeredDays(world, scene, { from: "2013-10-01", days: 92, wind: (index) => 20 + (index % 5) });
  await answeredDays(world, scene, { from: "2014-01-03", days: 1 });
  const made = await watched(world, scene);
  await runCheck(world.ctx, { monitorId: made.id });
  const { details, verdict, value } = await inputsOf(world);
  expect(details.reference).toMatchObject({ rows: 92, months: "10 to 12" });
  const byName = new Map(details.features.map((feature) => [feature.name, feature.drift]));
  expect(byName.get("wind")).toMatchObject({ warns: true, outOfRange: 1 });
  expect(byName.get("wind")?.psi).toBe(value);
  expect(byName.get("temp_max")).toMatchObject({ warns: false, outOfRange: 0 });
  expect(byName.get("season_sin")).toBeNull();
  expect(byName.has("rank")).toBe(false);
  expect(verdict).toBe("warn");
  expect(details.warnings).toHaveLength(1);
  expect(details.warnings[0]).toMatch(/^wind moved: PSI/);
  expect(details.latencyMs?.p50).toBeCloseTo(3.455, 3);
});

test("without a training set there is no reference, and it says so; failures are counted by whose fault they were", async ({
  world,
}) => {
  const scene = await servedScene(world);
  await answeredDays(world, scene, { from: "2013-10-01", days: 92 });
  await answeredDays(world, scene, { from: "2014-01-03", days: 1 });
  const failure = (kind: "failed" | "refused", at: string) => ({
    requestId: newId(),
    projectId: world.project.id,
    modelId: scene.model.modelId,
    modelVersionId: scene.model.id,
    deploymentId: scene.deploymentId,
    environment: "production" as const,
    eventTime: day(at),
    receivedAt: new Date(),
    kind,
    reason: "fault",
  });
  await world.db
    .insert(predictionFailures)
    .values([failure("failed", "2013-10-05"), failure("refused", "2013-12-31"), failure("failed", "2014-01-02")]);
  const made = await watched(world, scene);
  await runCheck(world.ctx, { monitorId: made.id });
  const { details, value, verdict } = await inputsOf(world);
  expect(details).toMatchObject({ reference: null, failed: 1, refused: 1, requests: 92, warnings: [] });
  expect(details.noReference).toContain("no training set");
  expect(details.features.every((feature) => feature.drift === null)).toBe(true);
  expect([value, verdict]).toEqual([null, "pass"]);
});
