import { readdir } from "node:fs/promises";
import { request } from "node:http";
import path from "node:path";
import { Readable } from "node:stream";
import { eq } from "drizzle-orm";
import { expect } from "vitest";
import { datasetVersions } from "@/db/schema/data";
import { serveHttp, tokenFor } from "../testing/http";
import { test } from "../testing/world";

/** Sends a body as fast as it is taken, and reads the answer even while it is sent. */
function upload(
  url: string,
  headers: Record<string, string>,
  body: Readable,
): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method: "POST", headers }, async (incoming) => {
      body.destroy();
      resolve({ status: incoming.statusCode ?? 0, text: Buffer.concat(await incoming.toArray()).toString() });
    });
    outgoing.on("error", reject);
    body.pipe(outgoing);
  });
}

const LIMIT = 8 * 1024 * 1024;

test("an upload over the limit gets 413, is read no further than the limit, and leaves nothing", async ({ world }) => {
  const engineer = await world.member("R4");
  await engineer.api.data.create({ projectId: world.project.id, name: "big" });
  const ctx = { ...world.ctx, config: { ...world.ctx.config, uploadLimitBytes: LIMIT } };
  const token = await tokenFor(ctx, { userId: engineer.id, projectId: world.project.id });
  const line = Buffer.from("1,2\n".repeat(16_384));
  async function* endless() {
    yield Buffer.from("a,b\n");
    for (let chunk = 0; chunk < 64 * 16; chunk += 1) yield line;
  }
  const url = (address: string) => `${address}/api/v1/projects/${world.project.id}/datasets/big/versions`;
  for (const body of ["streamed", "declared"] as const) {
    const http = await serveHttp(ctx);
    const headers = { authorization: `Bearer ${token}`, "content-type": "text/csv" };
    const answer = await upload(
      url(http.url),
      { ...headers, ...(body === "declared" && { "content-length": String(4 + 64 * 16 * line.length) }) },
      Readable.from(endless()),
    );
    expect(answer.status).toBe(413);
    expect(JSON.parse(answer.text)).toMatchObject({ error: "too_large", reason: "upload_limit" });
    await expect.poll(() => http.openSockets(), { timeout: 5_000 }).toBe(0);
    expect(http.socketBytes()).toBeLessThan(LIMIT * 1.25);
    await http.close();
  }
  expect(await world.db.$count(datasetVersions, eq(datasetVersions.projectId, world.project.id))).toBe(0);
  expect(await readdir(path.join(ctx.config.dataDir, "scratch"))).toEqual([]);
});

test("a CSV is uploaded over HTTP; the second time it is the same version", async ({ world }) => {
  const engineer = await world.member("R4");
  await engineer.api.data.create({ projectId: world.project.id, name: "small" });
  const token = await tokenFor(world.ctx, { userId: engineer.id, projectId: world.project.id });
  const http = await serveHttp(world.ctx);
  const options = encodeURIComponent(JSON.stringify({ constants: { station: "seattle" } }));
  const send = (query: string, secret = token) =>
    fetch(`${http.url}/api/v1/projects/${world.project.id}/datasets/small/versions?${query}`, {
      method: "POST",
      headers: { authorization: `Bearer ${secret}` },
      body: "a,b\n1,2\n",
    });
  const first = await send(`source=s.csv&options=${options}`);
  expect(first.status).toBe(201);
  expect(await first.json()).toMatchObject({ version: 1, isNew: true, rows: 1 });
  expect((await send(`options=${options}`)).status).toBe(200);
  const wrong = await send(`options=${encodeURIComponent('{"delimiter":"x"}')}`);
  expect(wrong.status).toBe(400);
  expect(await wrong.json()).toMatchObject({ reason: "options" });
  expect((await send("", "csn_unknown")).status).toBe(401);
  const reader = await world.member("R1");
  expect((await send("", await tokenFor(world.ctx, { userId: reader.id, projectId: world.project.id }))).status).toBe(
    403,
  );
  await http.close();
});
