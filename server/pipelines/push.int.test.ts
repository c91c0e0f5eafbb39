import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { and, eq } from "drizzle-orm";
import { create, Header } from "tar";
import { describe, expect } from "vitest";
import { auditEvents } from "@/db/schema/audit";
import { lineageEdges } from "@/db/schema/lineage";
import { pipelineVersions, sourceBundles } from "@/db/schema/pipelines";
import { serveHttp, tokenFor } from "../testing/http";
import { test as base, type World } from "../testing/world";

const DEFINITION = "name: tiny\nkind: development\nsteps:\n  a: { shell: 'true' }\n";

/** A gzipped tar of the files. */
async function archiveOf(
  files: Readonly<Record<string, string>>,
  links: Readonly<Record<string, string>> = {},
): Promise<Buffer> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "countersign-push-"));
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
  for (const [name, target] of Object.entries(links)) await symlink(target, path.join(folder, name));
  const names = [...Object.keys(files), ...Object.keys(links)].sort();
  const file = path.join(folder, "..", `${path.basename(folder)}.tgz`);
  await create({ file, cwd: folder, gzip: true, portable: true, mtime: new Date(0) }, names);
  const bytes = await readFile(file);
  await Promise.all([rm(folder, { recursive: true }), rm(file)]);
  return bytes;
}

/** An archive with one entry under any name, as no honest tool writes it. */
function archiveWith(name: string): Buffer {
  const body = Buffer.from("x".repeat(10));
  const block = Buffer.alloc(512);
  new Header({ path: name, size: body.length, mode: 0o644, type: "File", mtime: new Date(0) }).encode(block);
  return gzipSync(Buffer.concat([block, Buffer.concat([body], 512), Buffer.alloc(1024)]));
}

function leftIn(world: World, folder: string): Promise<string[]> {
  return readdir(path.join(world.ctx.config.dataDir, folder)).catch(() => []);
}

type Push = (
  body: Buffer | string,
  query?: string,
  limit?: number,
) => Promise<{ readonly status: number; readonly json: Record<string, unknown> }>;

const test = base.extend<{ readonly push: Push }>({
  push: async ({ world }, use) => {
    const engineer = await world.member("R6");
    const token = await tokenFor(world.ctx, { userId: engineer.id, projectId: world.project.id });
    const closers: (() => Promise<void>)[] = [];
    await use(async (body, query = "dirty=false&commit=abcdef1", uploadLimitBytes = 1_000_000) => {
      const http = await serveHttp({ ...world.ctx, config: { ...world.ctx.config, uploadLimitBytes } });
      closers.push(async () => void (await http.close()));
      const answer = await fetch(`${http.url}/api/v1/projects/${world.project.id}/pipelines?${query}`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}` },
        body: typeof body === "string" ? body : new Uint8Array(body),
      });
      return { status: answer.status, json: (await answer.json()) as Record<string, unknown> };
    });
    for (const close of closers) await close();
  },
});

test("a push makes version 1, the same push none, and a change version 2", async ({ world, push }) => {
  const first = await push(await archiveOf({ "pipeline.yaml": DEFINITION, "a.py": "print(1)" }));
  expect(first).toMatchObject({ status: 201, json: { name: "tiny", version: 1, isNew: true } });
  const again = await push(await archiveOf({ "pipeline.yaml": DEFINITION, "a.py": "print(1)" }));
  expect(again).toMatchObject({ status: 200, json: { version: 1, isNew: false } });
  const changed = await push(await archiveOf({ "pipeline.yaml": DEFINITION, "a.py": "print(2)" }));
  expect(changed).toMatchObject({ status: 201, json: { version: 2 } });
  const bundles = await world.db.select().from(sourceBundles).where(eq(sourceBundles.projectId, world.project.id));
  expect(bundles.map((bundle) => [bundle.commit, bundle.isDirty, bundle.files.map((file) => file.path)])).toEqual([
    ["abcdef1", false, ["a.py", "pipeline.yaml"]],
    ["abcdef1", false, ["a.py", "pipeline.yaml"]],
  ]);
  const audits = await world.db
    .select()
    .from(auditEvents)
    .where(and(eq(auditEvents.projectId, world.project.id), eq(auditEvents.action, "pipelines.pushed")));
  expect(audits).toHaveLength(2);
  expect(await world.db.$count(lineageEdges, eq(lineageEdges.projectId, world.project.id))).toBe(2);
});

test("two pushes at once of different content become versions 1 and 2", async ({ push }) => {
  const archives = await Promise.all([
    archiveOf({ "pipeline.yaml": DEFINITION, a: "1" }),
    archiveOf({ "pipeline.yaml": DEFINITION, a: "2" }),
  ]);
  const answers = await Promise.all(archives.map((archive) => push(archive)));
  expect(answers.map((answer) => answer.json.version).sort()).toEqual([1, 2]);
});

describe("what is refused, with a reason and nothing written", () => {
  const cases: readonly [string, () => Promise<Buffer> | Buffer, string, RegExp][] = [
    [
      "a broken definition",
      () => archiveOf({ "pipeline.yaml": "name: tiny\nkind: development\nsteps:\n  a: { shell: ls, timeuot: 5m }\n" }),
      "definition",
      /pipeline\.yaml:4:19: steps\.a\.timeuot: "timeuot" is not known here/,
    ],
    [
      "YAML that is none",
      () => archiveOf({ "pipeline.yaml": "name: [tiny\n" }),
      "definition",
      /^pipeline\.yaml:\d+:\d+: /,
    ],
    [
      "an archive without definition",
      () => archiveOf({ "a.py": "" }),
      "definition_missing",
      /holds no definition pipeline\.yaml/,
    ],
    [
      "missing requirements",
      () =>
        archiveOf({
          "pipeline.yaml":
            "name: tiny\nkind: development\nsteps:\n  a: { run: [ls], requirements: requirements.txt }\n",
        }),
      "requirements_missing",
      /requirements\.txt, which is not in the bundle/,
    ],
    [
      "requirements that are not pinned",
      () =>
        archiveOf({
          "requirements.txt": "pandas\n",
          "pipeline.yaml":
            "name: tiny\nkind: development\nsteps:\n  a: { run: [ls], requirements: requirements.txt }\n",
        }),
      "requirements",
      /requirements\.txt:1: /,
    ],
    [
      "a symbolic link",
      () => archiveOf({ "pipeline.yaml": DEFINITION }, { secret: "/etc/passwd" }),
      "bundle",
      /is a link/,
    ],
    ["a path that leads out", () => archiveWith("../../escaped.txt"), "bundle", /leads out of the folder/],
    ["an absolute path", () => archiveWith("/tmp/escaped.txt"), "bundle", /absolute path/],
    ["bytes that are no archive", () => Buffer.from("not an archive"), "bundle", /not a readable gzipped tar/],
  ];
  test.for(cases)("%s", async ([, archive, reason, message], { world, push }) => {
    const answer = await push(await archive());
    expect(answer).toMatchObject({ status: 400, json: { error: "invalid_input", reason } });
    expect(String(answer.json.message)).toMatch(message);
    expect(await world.db.$count(pipelineVersions, eq(pipelineVersions.projectId, world.project.id))).toBe(0);
    expect(await leftIn(world, "scratch")).toEqual([]);
    const isRefusal = and(
      eq(auditEvents.projectId, world.project.id),
      eq(auditEvents.action, "pipelines.push_refused"),
    );
    expect(await world.db.$count(auditEvents, isRefusal)).toBe(1);
  });

  test("a bundle over the limit: 413, and no file stays", async ({ world, push }) => {
    const answer = await push(Buffer.alloc(200_000, 7), "dirty=true", 50_000);
    expect(answer).toMatchObject({ status: 413, json: { reason: "upload_limit" } });
    expect(await leftIn(world, "scratch")).toEqual([]);
    expect(await leftIn(world, "blobs/incoming")).toEqual([]);
  });

  test("a commit that is none", async ({ push }) => {
    expect(await push("x", "commit=HEAD&dirty=false")).toMatchObject({ status: 400, json: { reason: "input" } });
  });
});
