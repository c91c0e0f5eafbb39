import { type ChildProcess, spawn } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import path from "node:path";
import { eq } from "drizzle-orm";
import { expect } from "vitest";
import { predictions } from "@/db/schema/serving";
import { tokenFor } from "../testing/http";
import { registerFixture } from "../testing/models";
import { Deployments } from "../testing/serving";
import { openTcpProxy } from "../testing/tcp-proxy";
import { test as base, type World } from "../testing/world";

type Running = { readonly child: ChildProcess; readonly kill: (signal: NodeJS.Signals) => Promise<void> };

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function spawnGateway(world: World, at: { readonly port: number; readonly databaseUrl: string }): Running {
  const child = spawn(process.execPath, ["--import", "tsx", path.resolve("server/gateway/main.ts")], {
    stdio: "ignore",
    env: {
      PATH: process.env.PATH,
      NODE_ENV: "test",
      DATABASE_URL: at.databaseUrl,
      COUNTERSIGN_DATA_DIR: world.ctx.config.dataDir,
      COUNTERSIGN_GATEWAY_PORT: String(at.port),
      COUNTERSIGN_AUTH_SECRET: world.ctx.config.authSecret,
      COUNTERSIGN_INTERNAL_SECRET: world.ctx.config.internalSecret,
      LOG_LEVEL: "silent",
    },
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const kill = (signal: NodeJS.Signals) => {
    child.kill(signal);
    return ended;
  };
  return { child, kill };
}

const test = base.extend<{ scene: Awaited<ReturnType<typeof setScene>> }>({
  scene: async ({ world }, use) => {
    const scene = await setScene(world);
    await use(scene);
    await scene.end();
  },
});

async function setScene(world: World) {
  const direct = new URL(world.ctx.config.databaseUrl);
  const proxy = await openTcpProxy({ host: direct.hostname, port: Number(direct.port) });
  const model = await registerFixture(world, {});
  await new Deployments(world).create(model);
  const engineer = await world.member("R5");
  const secret = await tokenFor(world.ctx, { userId: engineer.id, projectId: world.project.id });
  const port = await freePort();
  const throughProxy = new URL(direct);
  throughProxy.port = String(proxy.port);
  const running: Running[] = [];
  return {
    proxy,
    start: () => {
      const gateway = spawnGateway(world, { port, databaseUrl: throughProxy.href });
      running.push(gateway);
      return gateway;
    },
    infer: async (token = secret) => {
      const body = JSON.stringify({ inputs: [{ name: "x", shape: [1, 5], datatype: "FP64", data: [12, 5, 4, 0, 1] }] });
      return fetch(`http://127.0.0.1:${port}/v2/models/seattle-rain/infer`, {
        method: "POST",
        body,
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      })
        .then((response) => ({ status: response.status, id: response.headers.get("x-request-id") ?? "" }))
        .catch(() => ({ status: 0, id: "" }));
    },
    logged: async () =>
      new Set(
        (
          await world.db
            .select({ id: predictions.requestId })
            .from(predictions)
            .where(eq(predictions.projectId, world.project.id))
        ).map((row) => row.id),
      ),
    /** Whether the answer's line lies in the spool: what a kill can no longer take. */
    spooled: async (id: string) => {
      const folder = path.join(world.ctx.config.dataDir, "gateway", "spool");
      const files = await readdir(folder);
      const texts = await Promise.all(files.map((file) => readFile(path.join(folder, file), "utf8")));
      return texts.some((text) => text.includes(id));
    },
    end: async () => {
      await Promise.all(running.map((gateway) => gateway.kill("SIGKILL")));
      await proxy.cut();
    },
  };
}

const SLOW = 150_000;
const patient = { timeout: 45_000, interval: 50 };

test("kill -9 loses at most the last second of the log; the next start ships the rest", { timeout: SLOW }, async ({
  scene,
}) => {
  const first = scene.start();
  await expect.poll(async () => (await scene.infer()).status, patient).toBe(200);
  // Nothing can be shipped while Postgres is away, so all of it lies in the spool when the process dies.
  await scene.proxy.cut();
  const answered: { readonly id: string; readonly at: number }[] = [];
  const until = Date.now() + 2_500;
  while (Date.now() < until) {
    const { status, id } = await scene.infer();
    if (status === 200) answered.push({ id, at: Date.now() });
  }
  const killedAt = Date.now();
  await first.kill("SIGKILL");
  expect(answered.length).toBeGreaterThan(100);
  await scene.proxy.mend();
  scene.start();
  const due = answered.filter(({ at }) => at < killedAt - 1_000).map(({ id }) => id);
  await expect
    .poll(async () => {
      const logged = await scene.logged();
      return due.filter((id) => !logged.has(id)).length;
    }, patient)
    .toBe(0);
});

test("without Postgres it serves on, also after its own restart, and ships the log when Postgres is back", {
  timeout: SLOW,
}, async ({ scene }) => {
  const first = scene.start();
  await expect.poll(async () => (await scene.infer()).status, patient).toBe(200);
  // The token's sum and the list reach the folder before the outage.
  await expect.poll(async () => (await scene.logged()).size, patient).toBeGreaterThan(0);
  await first.kill("SIGTERM");
  await scene.proxy.cut();
  const second = scene.start();
  await expect.poll(async () => (await scene.infer()).status, patient).toBe(200);
  const { id } = await scene.infer();
  expect((await scene.infer("csn_never_seen")).status).toBe(503);
  await expect.poll(() => scene.spooled(id), patient).toBe(true);
  await second.kill("SIGKILL");
  scene.start();
  await expect.poll(async () => (await scene.infer()).status, patient).toBe(200);
  await scene.proxy.mend();
  await expect.poll(async () => (await scene.logged()).has(id), patient).toBe(true);
});
