import { benchSteps, stepsLine } from "@/bench/steps";
import { serveHttp, tokenFor } from "@/server/testing/http";
import { test } from "@/server/testing/world";
import { onTestServer } from "./testing/host";
import { startWorkerProcess } from "./testing/worker-process";

test("bench", { timeout: 300_000 }, async ({ world, service }) => {
  const ctx = onTestServer(service);
  const m = await world.member("R7");
  const token = await tokenFor(ctx, { userId: m.id, projectId: world.project.id });
  const http = await serveHttp(ctx);
  const worker = await startWorkerProcess(ctx);
  try {
    const f = await benchSteps({
      url: http.url,
      token,
      projectId: world.project.id,
      temporalAddress: ctx.config.temporal.address,
    });
    console.log(stepsLine(f));
  } finally {
    await worker.stop();
    await http.close();
  }
});
