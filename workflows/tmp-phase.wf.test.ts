import { writeFileSync } from "node:fs";
import inspector from "node:inspector";
import { localProcessExecutor } from "@/server/executors/local-process";
import { loadStep } from "@/server/pipelines/load-step";
import { openRun } from "@/server/pipelines/open-run";
import { runStep } from "@/server/pipelines/run-step";
import { test } from "@/server/testing/world";
import { pushFiles } from "./testing/host";

test("phases", { timeout: 300_000 }, async ({ world, service }) => {
  const m = await world.member("R7");
  const N = 40;
  const yaml =
    "name: c\nkind: development\nsteps:\n" +
    Array.from({ length: N }, (_, i) => `  s${i}: { run: ["true"] }`).join("\n") +
    "\n";
  const { pipelineId } = await pushFiles(world, m, { "pipeline.yaml": yaml });
  const { runId } = await m.api.pipelines.start({ projectId: world.project.id, pipelineId });
  await openRun(service, runId);
  const real = localProcessExecutor(service);
  let exec = 0,
    started = 0;
  const executor = {
    ...real,
    run: async (spec: any, hooks: any) => {
      const t = performance.now();
      try {
        return await real.run(spec, {
          ...hooks,
          onStarted: async (p: any) => {
            const a = performance.now();
            await hooks.onStarted(p);
            started += performance.now() - a;
          },
        });
      } finally {
        exec += performance.now() - t;
      }
    },
  };
  const signal = new AbortController().signal;
  let total = 0,
    load = 0;
  let cpu0 = process.cpuUsage();
  const ses = new inspector.Session();
  ses.connect();
  const post = (m: string, p: any = {}) =>
    new Promise<any>((res, rej) => ses.post(m, p, (e: any, r: any) => (e ? rej(e) : res(r))));
  await post("Profiler.enable");
  await post("Profiler.setSamplingInterval", { interval: 500 });
  for (let i = 0; i < N; i++) {
    if (i === 10) await post("Profiler.start");
    if (i === 10) {
      exec = started = total = load = 0;
      cpu0 = process.cpuUsage();
    }
    const l = performance.now();
    await loadStep(service, runId, `s${i}`);
    load += performance.now() - l;
    const t = performance.now();
    await runStep({ ctx: service, executor }, { runId, stepKey: `s${i}`, queuedAt: new Date(), signal });
    total += performance.now() - t;
  }
  const cpu = process.cpuUsage(cpu0);
  writeFileSync("/tmp/prof/a.cpuprofile", JSON.stringify((await post("Profiler.stop")).profile));
  const n = N - 10;
  let rt = performance.now();
  for (let i = 0; i < 20; i++) await service.sql`select 1`;
  rt = (performance.now() - rt) / 20;
  console.log({
    total: total / n,
    exec: exec / n,
    started: started / n,
    load: load / n,
    db: (total - exec) / n,
    cpuMs: (cpu.user + cpu.system) / 1000 / n,
    rt,
  });
});
