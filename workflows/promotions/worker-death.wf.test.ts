import { eq } from "drizzle-orm";
import { expect, onTestFinished, vi } from "vitest";
import { promotions } from "@/db/schema/promotions";
import { startGateway } from "@/server/gateway/gateway";
import { promotionScene, signed } from "@/server/testing/promotions";
import { test } from "@/server/testing/world";
import { onTestServer } from "../testing/host";
import { startWorkerProcess } from "../testing/worker-process";

test("a worker that is killed while a promotion waits: the next one goes on, also with a signature given meanwhile", async ({
  world,
  service,
}) => {
  const ctx = onTestServer(service);
  const scene = await promotionScene(world);
  const gateway = await startGateway(ctx, { host: "127.0.0.1", port: 0 });
  onTestFinished(gateway.close);
  const reaches = (id: string, state: string) =>
    vi.waitFor(
      async () => {
        const [row] = await world.db.select().from(promotions).where(eq(promotions.id, id));
        expect(row?.state).toBe(state);
      },
      { timeout: 40_000, interval: 100 },
    );
  const first = await startWorkerProcess(ctx);
  onTestFinished(first.kill);
  const promotion = await scene.people.scientist.api.promotions.propose({
    projectId: scene.projectId,
    modelVersionId: scene.version.id,
    environment: "staging",
  });
  await reaches(promotion.id, "waiting");
  await first.kill();
  await signed(scene.people.mlEngineer, scene, { number: promotion.number, asRole: "R7" });
  const second = await startWorkerProcess(ctx);
  onTestFinished(second.kill);
  await reaches(promotion.id, "deployed");
}, 120_000);
