import { eq } from "drizzle-orm";
import { expect } from "vitest";
import { predictionFailures } from "@/db/schema/monitoring";
import { predictions } from "@/db/schema/serving";
import { tokenFor } from "../testing/http";
import { registerFixture } from "../testing/models";
import { Deployments } from "../testing/serving";
import { test } from "../testing/world";
import { startGateway } from "./gateway";

test("a request that the contract refuses is counted beside the answers, once, with its reason", async ({ world }) => {
  const model = await registerFixture(world, {});
  const deploymentId = await new Deployments(world).create(model);
  const engineer = await world.member("R5");
  const token = await tokenFor(world.ctx, { userId: engineer.id, projectId: world.project.id });
  const gateway = await startGateway(world.ctx, { host: "127.0.0.1", port: 0 });
  const ask = (record: Record<string, unknown>) =>
    fetch(`${gateway.url}/models/seattle-rain/invocations`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ dataframe_records: [record], params: { event_time: "2013-01-05" } }),
    });
  const whole = { temp_max: 12.8, temp_min: 5, wind: 4.7, season_sin: 0, season_cos: 1 };
  try {
    await expect.poll(async () => (await ask(whole)).status, { timeout: 20_000 }).toBe(200);
    const refused = await ask({ temp_max: 12.8 });
    expect(refused.status).toBe(400);
    const stored = () =>
      world.db.select().from(predictionFailures).where(eq(predictionFailures.projectId, world.project.id));
    await expect.poll(async () => (await stored()).length, { timeout: 20_000 }).toBeGreaterThan(0);
    const [failure] = (await stored()).filter((row) => row.requestId === refused.headers.get("x-request-id"));
    expect(failure).toMatchObject({
      kind: "refused",
      modelVersionId: model.id,
      deploymentId,
      environment: "production",
    });
    const answered = () => world.db.$count(predictions, eq(predictions.projectId, world.project.id));
    await expect.poll(answered, { timeout: 20_000 }).toBeGreaterThan(0);
  } finally {
    await gateway.close();
  }
});
