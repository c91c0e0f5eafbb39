import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { afterEach, beforeEach, expect, test } from "vitest";
import { localBlobStore } from "./local-store";

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), "countersign-blobs-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test("what a killed upload left goes after an hour; one that is under way stays", async () => {
  const incoming = path.join(root, "incoming");
  mkdirSync(incoming);
  const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);
  for (const [name, minutes] of [
    ["killed", 61],
    ["under-way", 59],
  ] as const) {
    writeFileSync(path.join(incoming, name), "part");
    utimesSync(path.join(incoming, name), minutesAgo(minutes), minutesAgo(minutes));
  }
  const { sha256 } = await localBlobStore(root).put(Buffer.from("whole"));
  expect(readdirSync(incoming)).toEqual(["under-way"]);
  expect(existsSync(path.join(root, sha256.slice(0, 2), sha256.slice(2)))).toBe(true);
});

test("a source past the limit is refused and nothing of it stays", async () => {
  const store = localBlobStore(root);
  const source = Readable.from(["four", Buffer.from("more")]);
  await expect(store.put(source, 7)).rejects.toMatchObject({ code: "too_large", reason: "upload_limit" });
  expect(readdirSync(path.join(root, "incoming"))).toEqual([]);
  expect(await store.put(Readable.from(["four", "more"]), 8)).toMatchObject({ bytes: 8 });
});
