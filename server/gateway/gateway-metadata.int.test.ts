import { expect } from "vitest";
import { tokenFor } from "../testing/http";
import { registerFixture } from "../testing/models";
import { Deployments } from "../testing/serving";
import { test } from "../testing/world";
import { startGateway } from "./gateway";

test("health needs nobody, a model's metadata a token", async ({ world }) => {
  const model = await registerFixture(world, {});
  await new Deployments(world).create(model);
  const gateway = await startGateway(world.ctx, { host: "127.0.0.1", port: 0 });
  try {
    expect(await (await fetch(`${gateway.url}/v2/health/live`)).json()).toEqual({ live: true });
    await expect
      .poll(async () => (await fetch(`${gateway.url}/v2/health/ready`)).status, { timeout: 20_000 })
      .toBe(200);
    const path = `${gateway.url}/v2/models/seattle-rain`;
    const engineer = await world.member("R5");
    const secret = await tokenFor(world.ctx, { userId: engineer.id, projectId: world.project.id });
    const asEngineer = { headers: { authorization: `Bearer ${secret}` } };
    expect(await (await fetch(path, asEngineer)).json()).toMatchObject({
      name: "seattle-rain",
      versions: ["1"],
      platform: "onnxruntime",
      inputs: [{ name: "temp_max", datatype: "FP64", shape: [-1] }, {}, {}, {}, {}],
    });
    expect((await fetch(path)).status).toBe(401);
  } finally {
    await gateway.close();
  }
});
