import { mkdtempSync, rmSync } from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type DataFolder, openDataFolder } from "../run/data-folder";
import { choosePorts } from "./ports";

let folder: DataFolder;
const servers: net.Server[] = [];
beforeEach(() => {
  folder = openDataFolder(mkdtempSync(path.join(os.tmpdir(), "countersign-ports-")));
});
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  rmSync(folder.path, { recursive: true, force: true });
});

function occupy(port = 0): Promise<number> {
  const server = net.createServer();
  servers.push(server);
  return new Promise((resolve) => {
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : -1);
    });
  });
}

test("ports are different, recorded, and the same at the next start", async () => {
  const first = await choosePorts(folder, { web: null, webFrom: 21_000 });
  expect(new Set(Object.values(first)).size).toBe(Object.keys(first).length);
  expect(await choosePorts(folder, { web: null, webFrom: 21_000 })).toEqual(first);
});

test("a port that somebody took in between is replaced, the others stay", async () => {
  const first = await choosePorts(folder, { web: null, webFrom: 22_000 });
  await occupy(first.gateway);
  const second = await choosePorts(folder, { web: null, webFrom: 22_000 });
  expect(second).toEqual({ ...first, gateway: expect.any(Number) });
  expect(second.gateway).not.toBe(first.gateway);
});

test("without --port the next free one is taken; with it a taken one is refused", async () => {
  const taken = await occupy();
  expect((await choosePorts(folder, { web: null, webFrom: taken })).web).toBeGreaterThan(taken);
  await expect(choosePorts(folder, { web: taken, webFrom: null })).rejects.toThrow(`Port ${taken} is in use`);
});
