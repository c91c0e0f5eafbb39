import { openTestContext, World } from "@/server/testing/world";
import { serveHttp, tokenFor } from "@/server/testing/http";
import prepareTemplate from "@/db/testing/template";
import { startWorkerProcess } from "@/workflows/testing/worker-process";
const onTestServer = (c: any) => ({ ...c, config: { ...c.config, temporal: { ...c.config.temporal, address: process.env.COUNTERSIGN_TEST_TEMPORAL_ADDRESS } } });
import { benchSteps, stepsLine } from "@/bench/steps";
await prepareTemplate();
const base: any = await openTestContext();
const ctx = onTestServer(base);
const world = await World.create(ctx);
const m = await world.member("R7");
const token = await tokenFor(ctx, { userId: m.id, projectId: world.project.id });
const http = await serveHttp(ctx);
const worker = await startWorkerProcess(ctx);
try { const f = await benchSteps({ url: http.url, token, projectId: world.project.id, temporalAddress: ctx.config.temporal.address }); console.log(stepsLine(f)); }
finally { await worker.stop(); await http.close(); await base.close(); }
