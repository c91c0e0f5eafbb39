import { readdir } from "node:fs/promises";
import { request } from "node:http";
import path from "node:path";
import { eq } from "drizzle-orm";
import { expect } from "vitest";
import { artifactFiles } from "@/db/schema/experiments";
import { serveHttp } from "../testing/http";
import { test, World } from "../testing/world";
import { protocol, tokenOf } from "./testing/protocol";

const ROOT = "/api/2.0/mlflow-artifacts/artifacts";

async function scientist(world: World) {
  const member = await world.member("R3");
  const token = await tokenOf(world, member);
  const client = protocol(world.ctx, token);
  const { body } = await client.post("/mlflow/runs/create", { experiment_id: "0" });
  const runId = (body.run as { info: { run_id: string } }).info.run_id;
  return { member, token, client, runId, base: `${ROOT}/0/${runId}/artifacts` };
}

test("a file comes back as it went, whatever its name, and folders list their children", async ({ world }) => {
  const { client, base, runId } = await scientist(world);
  const name = encodeURIComponent("größe 100%25.json");
  expect((await client.raw("PUT", `${base}/sub%20dir/${name}`, "{}")).status).toBe(200);
  expect((await client.raw("PUT", `${base}/empty.txt`)).status).toBe(200);
  const file = await client.raw("GET", `${base}/sub%20dir/${name}`);
  expect(await file.text()).toBe("{}");
  expect(file.headers.get("content-disposition")).toContain("filename*=UTF-8''gr%C3%B6%C3%9Fe%20100%2525.json");
  expect(file.headers.get("x-content-type-options")).toBe("nosniff");
  const listed = await client.get("/mlflow/artifacts/list", { run_id: runId });
  expect(listed.body.files).toEqual([
    { path: "empty.txt", is_dir: false },
    { path: "sub dir", is_dir: true },
  ]);
  expect(
    (await client.get("/mlflow-artifacts/artifacts", { path: `0/${runId}/artifacts/sub dir` })).body.files,
  ).toEqual([{ path: "größe 100%25.json", is_dir: false, file_size: 2 }]);
  expect((await client.get("/mlflow-artifacts/artifacts", { path: `0/${runId}/artifacts/none` })).body).toEqual({});
  expect((await client.raw("GET", `${base}/none.txt`)).status).toBe(404);
  expect((await client.raw("DELETE", `${base}/sub%20dir`)).status).toBe(200);
  expect((await client.raw("GET", `${base}/sub%20dir/${name}`)).status).toBe(404);
});

test("a path that leaves its root is refused before anything is looked up", async ({ world }) => {
  const { client, base } = await scientist(world);
  for (const wrong of ["..%2f..%2fetc%2fpasswd", "a%5cb", "C:%5cx", "a%23b", "a%00b", "a/..%2f..%2fb", "%ff"]) {
    for (const method of ["PUT", "GET", "DELETE"]) {
      const answer = await client.raw(method, `${base}/${wrong}`, method === "PUT" ? "x" : undefined);
      const { message } = (await answer.json()) as { message: string };
      expect([answer.status, message], `${method} ${wrong}`).toEqual([400, "Invalid path"]);
    }
  }
  expect(await world.db.$count(artifactFiles, eq(artifactFiles.projectId, world.project.id))).toBe(0);
});

test("another project's token finds no file, and a colleague may not write", async ({ world, service }) => {
  const { client, base } = await scientist(world);
  await client.raw("PUT", `${base}/a.txt`, "secret");
  const stranger = (await scientist(await World.create(service))).client;
  for (const method of ["GET", "PUT", "DELETE"])
    expect((await stranger.raw(method, `${base}/a.txt`, method === "PUT" ? "x" : undefined)).status, method).toBe(404);
  const colleague = protocol(world.ctx, await tokenOf(world, await world.member("R3")));
  expect((await colleague.raw("PUT", `${base}/a.txt`, "x")).status).toBe(403);
  expect((await colleague.raw("DELETE", `${base}/a.txt`)).status).toBe(403);
  expect(await (await client.raw("GET", `${base}/a.txt`)).text()).toBe("secret");
});

/** Sends `bytes` in pieces of 64 KB, with or without telling the length, until the server stops taking them. */
function send(
  url: string,
  token: string,
  upload: { readonly bytes: number; readonly isLengthTold: boolean },
): Promise<{ status: number; sent: number }> {
  return new Promise((resolve, reject) => {
    let sent = 0;
    const piece = Buffer.alloc(64 * 1024);
    const out = request(url, {
      method: "PUT",
      headers: {
        authorization: `Bearer ${token}`,
        ...(upload.isLengthTold ? { "content-length": upload.bytes } : { "transfer-encoding": "chunked" }),
      },
    });
    let isAnswered = false;
    out.on("response", (answer) => {
      isAnswered = true;
      answer.resume();
      answer.on("end", () => {
        out.destroy();
        resolve({ status: answer.statusCode ?? 0, sent });
      });
    });
    out.on("error", (error) => {
      if (!isAnswered) reject(error);
    });
    const pump = () => {
      while (sent < upload.bytes && !isAnswered) {
        sent += piece.byteLength;
        if (!out.write(piece)) {
          out.once("drain", pump);
          return;
        }
      }
      if (!isAnswered) out.end();
    };
    pump();
  });
}

test("an upload over the limit gets 413 after no more than the limit was read, and leaves nothing", async ({
  service,
}) => {
  const limit = 4 * 1024 * 1024;
  const ctx = { ...service, config: { ...service.config, uploadLimitBytes: limit } };
  const world = await World.create(ctx);
  const { token, base } = await scientist(world);
  const server = await serveHttp(ctx);
  const incoming = path.join(ctx.config.dataDir, "blobs", "incoming");
  for (const isLengthTold of [true, false]) {
    const before = server.socketBytes();
    const { status, sent } = await send(`${server.url}${base}/big.bin`, token, {
      bytes: 64 * 1024 * 1024,
      isLengthTold,
    });
    expect(status).toBe(413);
    // What lies in the sockets in between was sent as well, and never read.
    expect(sent).toBeLessThan(limit + 16 * 1024 * 1024);
    expect(server.socketBytes() - before).toBeLessThan(isLengthTold ? 1024 * 1024 : limit + 1024 * 1024);
    expect(await readdir(incoming).catch(() => [])).toEqual([]);
  }
  expect(await world.db.$count(artifactFiles, eq(artifactFiles.projectId, world.project.id))).toBe(0);
  const { status } = await send(`${server.url}${base}/fits.bin`, token, { bytes: limit, isLengthTold: false });
  expect(status).toBe(200);
  await server.close();
});
