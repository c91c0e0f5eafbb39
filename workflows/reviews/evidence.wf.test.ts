import { eq } from "drizzle-orm";
import { afterAll, expect, vi } from "vitest";
import { promotions } from "@/db/schema/promotions";
import { reviewEvidence, reviews } from "@/db/schema/reviews";
import { evaluateModel } from "@/server/serving/evaluate-model";
import { inStaging } from "@/server/testing/promotions";
import { pageOf, reviewScene, verdictOf } from "@/server/testing/reviews";
import { test as base, type World } from "@/server/testing/world";
import { promotionActivities } from "../promotions/activities";
import { startTestHost, type TestHost } from "../testing/host";
import { reviewActivities } from "./activities";

let host: TestHost | undefined;
const test = base.extend<{ readonly host: () => Promise<TestHost> }>({
  host: async ({ service }, use) => {
    await use(async () => {
      host ??= await startTestHost(service, (services) => ({
        ...promotionActivities(services),
        ...reviewActivities(services),
      }));
      return host;
    });
  },
});
afterAll(async () => host?.stop());

const isReady = (world: World, reviewId: string) =>
  vi.waitFor(
    async () => {
      const [row] = await world.db.select().from(reviews).where(eq(reviews.id, reviewId));
      expect(row?.computedRevision).toBe(row?.requestedRevision);
    },
    { timeout: 20_000, interval: 50 },
  );

test("evidence comes by itself, again after each change, and a waiting promotion follows without a click", async ({
  world,
  host: start,
}) => {
  const scene = await reviewScene(world);
  const { projectId } = scene;
  const { scientist, dataEngineer, softwareEngineer } = scene.people;
  await inStaging(world, scene, scene.second.id);
  const { id, number } = await scientist.api.reviews.open({
    projectId,
    subject: { kind: "model_version", modelVersionId: scene.second.id },
  });
  // Asked for before any worker runs: the outbox keeps it.
  await start();
  await isReady(world, id);
  const promotion = await scientist.api.promotions.propose({
    projectId,
    modelVersionId: scene.second.id,
    environment: "production",
  });
  const says = (sentence: string) =>
    vi.waitFor(
      async () => {
        const page = await scientist.api.promotions.get({ projectId, number: promotion.number });
        const rule = page.evidence?.record.results.find((one) => one.rule === "review");
        expect(`${page.state}: ${rule?.sentence}`).toContain(`waiting: ${sentence}`);
      },
      { timeout: 20_000, interval: 50 },
    );
  await says("The data engineer and software engineer have not given a verdict.");
  await Promise.all([
    verdictOf(dataEngineer, scene, { number, asRole: "R4" }),
    verdictOf(softwareEngineer, scene, { number, asRole: "R5" }),
  ]);
  await says(`R-${number} is approved`);

  // Two changes at once end in one evidence that has seen both.
  await Promise.all([
    dataEngineer.api.reviews.createSlice({ projectId, name: "Warm", expression: "temp_max > 15" }),
    evaluateModel(world.ctx, {
      projectId,
      modelVersionId: scene.second.id,
      datasetVersionId: scene.training.id,
      target: "precipitation > 0",
    }),
  ]);
  await isReady(world, id);
  const { evidence, standing } = await pageOf(dataEngineer, scene, number);
  expect(standing).toBe("waiting");
  expect(evidence.record.slices.map(({ name }) => name)).toEqual(["All rows", "Warm"]);
  expect(evidence.record.evaluations.map(({ dataset }) => dataset)).toContain("weather v1");
  await says("The evidence changed after the verdict of the data engineer and software engineer");
  expect(await world.db.$count(reviewEvidence, eq(reviewEvidence.reviewId, id))).toBeLessThanOrEqual(3);
  expect(await world.db.$count(promotions, eq(promotions.state, "waiting"))).toBe(1);
});
