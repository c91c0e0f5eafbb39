import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { create, Header } from "tar";
import { afterEach, beforeEach, expect, test } from "vitest";
import { inspectBundle, unpackBundle } from "./bundle";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "countersign-bundle-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

type Forged = {
  readonly path: string;
  readonly type?: "File" | "SymbolicLink" | "Link" | "CharacterDevice" | "FIFO";
  readonly linkpath?: string;
  readonly text?: string;
};

/** An archive such as no well-meaning program writes. */
async function forge(entries: readonly Forged[]): Promise<string> {
  const blocks = entries.flatMap(({ text = "", type = "File", ...entry }) => {
    const header = new Header({
      ...entry,
      type,
      size: Buffer.byteLength(text),
      mode: 0o644,
      mtime: new Date(0),
      uid: 0,
      gid: 0,
    });
    const block = Buffer.alloc(512);
    header.encode(block);
    const body = Buffer.alloc(Math.ceil(Buffer.byteLength(text) / 512) * 512);
    body.write(text);
    return [block, body];
  });
  const file = path.join(folder, "forged.tar.gz");
  await writeFile(file, gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)])));
  return file;
}

test("a plain archive is listed and unpacked", async () => {
  const file = await forge([
    { path: "pipeline.yaml", text: "name: x\n" },
    { path: "src/train.py", text: "print(1)\n" },
  ]);
  expect(await inspectBundle(file)).toEqual([
    { path: "pipeline.yaml", bytes: 8 },
    { path: "src/train.py", bytes: 9 },
  ]);
  await unpackBundle(file, path.join(folder, "out"), null);
  expect(await readFile(path.join(folder, "out/src/train.py"), "utf8")).toBe("print(1)\n");
});

test.each([
  ["an absolute path", [{ path: "/etc/cron.d/x", text: "x" }], /absolute path/],
  ["a way up", [{ path: "a/../../x", text: "x" }], /leads out/],
  ["a symbolic link", [{ path: "x", type: "SymbolicLink", linkpath: "/etc/passwd" }], /is a link/],
  ["a hard link", [{ path: "x", type: "Link", linkpath: "../x" }], /is a link/],
  ["a device", [{ path: "x", type: "CharacterDevice" }], /neither a file nor a folder/],
  ["a pipe", [{ path: "x", type: "FIFO" }], /neither a file nor a folder/],
  [
    "the same file twice",
    [
      { path: "x", text: "1" },
      { path: "./x", text: "2" },
    ],
    /is there twice/,
  ],
] as const)("an archive with %s is refused and writes nothing", async (_, entries, reason) => {
  const file = await forge(entries);
  const target = path.join(folder, "out");
  await expect(unpackBundle(file, target, null)).rejects.toMatchObject({
    code: "invalid_input",
    message: expect.stringMatching(reason),
  });
  await expect(readFile(target)).rejects.toMatchObject({ code: "ENOENT" });
});

test("too many files, or too many bytes, are refused while reading", async () => {
  const many = await forge(Array.from({ length: 11 }, (_, index) => ({ path: `f${index}`, text: "x" })));
  await expect(inspectBundle(many, { files: 10, bytes: 1_000 })).rejects.toThrow(/more than 10 files/);
  const large = await forge([{ path: "zeros", text: "\0".repeat(2_000_000) }]);
  await expect(inspectBundle(large, { files: 10, bytes: 1_000_000 })).rejects.toThrow(/more than 1000000 bytes/);
});

test("bytes that are no archive, and half of one, are refused", async () => {
  const text = path.join(folder, "text");
  await writeFile(text, "hello");
  await expect(inspectBundle(text)).rejects.toThrow(/not a readable gzipped tar/);
  const whole = await readFile(await forge([{ path: "a", text: "x".repeat(100_000) }]));
  await writeFile(text, whole.subarray(0, whole.length / 2));
  await expect(inspectBundle(text)).rejects.toThrow(/not a readable gzipped tar/);
});

test("what the ordinary tar library writes is read, links excepted", async () => {
  await writeFile(path.join(folder, "a.txt"), "a");
  await symlink("a.txt", path.join(folder, "b.txt"));
  const file = path.join(folder, "made.tar.gz");
  await create({ gzip: true, file, cwd: folder }, ["a.txt"]);
  expect(await inspectBundle(file)).toEqual([{ path: "a.txt", bytes: 1 }]);
  await create({ gzip: true, file, cwd: folder }, ["a.txt", "b.txt"]);
  await expect(inspectBundle(file)).rejects.toThrow(/"b.txt" is a link/);
});
