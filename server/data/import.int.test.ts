import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { eq } from "drizzle-orm";
import { describe, expect } from "vitest";
import { auditEvents } from "@/db/schema/audit";
import { datasetVersions } from "@/db/schema/data";
import { type ImportOptionsInput, importOptionsSchema } from "@/domain/data/contracts";
import { test as base, type World } from "../testing/world";
import { importDatasetVersion } from "./import-dataset-version";
import { resolveDatasetVersion } from "./queries";
import { countSharedRows } from "./shared-rows";

const WEATHER = "examples/seattle-rain/data/seattle-weather.csv";

type Importer = (
  text: string | Buffer,
  options?: ImportOptionsInput,
  more?: { dataset?: string; allowMissingColumns?: boolean },
) => ReturnType<typeof importDatasetVersion>;

const test = base.extend<{ importCsv: Importer }>({
  importCsv: async ({ world }, use) => {
    const engineer = await world.member("R4");
    await engineer.api.data.create({ projectId: world.project.id, name: "weather" });
    const scope = await engineer.scope("data.import");
    await use((text, options = {}, more = {}) =>
      importDatasetVersion(world.ctx, scope, {
        dataset: more.dataset ?? "weather",
        sourceName: "test.csv",
        options: importOptionsSchema.parse(options),
        allowMissingColumns: more.allowMissingColumns ?? false,
        source: Readable.from([Buffer.from(text)]),
      }),
    );
  },
});

async function versionsOf(world: World): Promise<number> {
  return world.db.$count(datasetVersions, eq(datasetVersions.projectId, world.project.id));
}

test("real weather becomes a version with types, profile, constants, derived columns and a filter", async ({
  world,
  importCsv,
}) => {
  const imported = await importCsv(await readFile(WEATHER), {
    constants: { station: "seattle" },
    derived: { season_sin: "sin(2 * pi() * dayofyear(date) / 365.25)" },
    filter: "year(date) = 2012 AND ((dayofyear(date) - 1) // 7) % 4 = 0",
  });
  expect(imported).toMatchObject({ version: 1, rows: 93, isNew: true });
  const reader = await world.member("R1");
  const version = await reader.api.data.getVersion({ projectId: world.project.id, datasetVersionId: imported.id });
  expect(version.schema).toEqual([
    { name: "date", type: "date" },
    { name: "precipitation", type: "double" },
    { name: "temp_max", type: "double" },
    { name: "temp_min", type: "double" },
    { name: "wind", type: "double" },
    { name: "weather", type: "text" },
    { name: "station", type: "text" },
    { name: "season_sin", type: "double" },
  ]);
  const date = version.profile.find((column) => column.name === "date");
  expect(date).toMatchObject({ rows: 93, missing: 0, distinct: 93, min: "2012-01-01" });
  expect(date?.histogram?.counts.reduce((sum, count) => sum + count, 0)).toBe(93);
  expect(version.lineage).toMatchObject([
    { edge: "produced", isUpstream: true, node: { kind: "artifact", label: "test.csv" } },
  ]);
  const preview = await reader.api.data.previewRows({
    projectId: world.project.id,
    datasetVersionId: imported.id,
    limit: 2,
  });
  expect(preview.rows[0]).toMatchObject({
    date: "2012-01-01",
    precipitation: 0,
    weather: "drizzle",
    station: "seattle",
  });
  expect(preview.total).toBe(93);
});

test("the same bytes with the same options are the same version; other options are another", async ({
  world,
  importCsv,
}) => {
  const first = await importCsv("a,b\n1,2\n");
  const again = await importCsv("a,b\n1,2\n", { delimiter: "," });
  expect(again).toEqual({ ...first, isNew: false });
  const other = await importCsv("a,b\n1,2\n", { constants: { station: "x" } });
  expect(other.version).toBe(2);
  expect(other.digest).not.toBe(first.digest);
  expect(await versionsOf(world)).toBe(2);
});

test("two imports of the same file at once make one version", async ({ world, importCsv }) => {
  const results = await Promise.all([importCsv("a\n1\n2\n"), importCsv("a\n1\n2\n")]);
  expect(results.map((result) => result.isNew).sort()).toEqual([false, true]);
  expect(await versionsOf(world)).toBe(1);
});

describe("a file that is refused names its line and leaves nothing", () => {
  const refused: readonly (readonly [string, string | Buffer, ImportOptionsInput, string, RegExp])[] = [
    ["a ragged row", "a,b\n1,2\n3\n", {}, "ragged_row", /Line 3: 1 field where the first line has 2/],
    ["a row that is too long", "a,b\n1,2,3\n", {}, "ragged_row", /Line 2: 3 fields/],
    ["an empty file", "", {}, "empty_file", /empty/],
    ["a header without rows", "a,b\n", {}, "no_rows", /no rows/],
    ["bytes that are not UTF-8", Buffer.from([0x61, 0x0a, 0x31, 0x0a, 0xff, 0x0a]), {}, "not_utf8", /Line 3/],
    ["a header that repeats a name", "a,b,A\n1,2,3\n", {}, "duplicate_header", /column A appears twice/],
    ["an open quote", 'a,b\n1,"2\n3,4\n', {}, "bad_quote", /Line 2: a quoted field is not closed/],
    ["a type that does not read", "a\n1\nx\n", { types: { a: "integer" } }, "type_mismatch", /Row 2: a is 'x'/],
    [
      "a filter on a column that is not there",
      "a\n1\n",
      { filter: "wind > 0" },
      "expression",
      /There is no column wind/,
    ],
    [
      "a filter that reads a file",
      "a\n1\n",
      { filter: "a in (select content from read_text('/etc/passwd'))" },
      "expression",
      /subquery/,
    ],
    [
      "a derived column that asks for the environment",
      "a\n1\n",
      { derived: { b: "getenv('PATH')" } },
      "expression",
      /getenv is not allowed/,
    ],
    [
      "a filter with a second statement",
      "a\n1\n",
      { filter: "a > 0) FROM input; DROP TABLE x; SELECT (1" },
      "expression",
      /The filter was refused/,
    ],
    ["a filter of the wrong type", "a\nx\n", { filter: "a" }, "expression", /could not be computed/],
    ["a filter that leaves nothing", "a\n1\n", { filter: "a > 5" }, "no_rows", /leaves no row/],
    [
      "a derived column of a name that exists",
      "a\n1\n",
      { derived: { A: "a + 1" } },
      "duplicate_column",
      /two columns named A/,
    ],
  ];
  for (const [name, text, options, reason, message] of refused) {
    test(name, async ({ world, importCsv }) => {
      const failure = await importCsv(text, options).then(
        () => null,
        (error: unknown) => error,
      );
      expect(failure).toMatchObject({ name: "AppError", code: "invalid_input", reason });
      expect(String(failure)).toMatch(message);
      expect(await versionsOf(world)).toBe(0);
      expect(await readdir(path.join(world.ctx.config.dataDir, "scratch"))).toEqual([]);
    });
  }
});

test("a file that lacks a column of the last version is refused by its name", async ({ world, importCsv }) => {
  await importCsv("a,wind\n1,2\n");
  await expect(importCsv("a\n5\n")).rejects.toMatchObject({
    reason: "missing_column",
    message: expect.stringContaining("the column wind, which version 1 has"),
  });
  expect(await versionsOf(world)).toBe(1);
  expect(await importCsv("a\n5\n", {}, { allowMissingColumns: true })).toMatchObject({ version: 2 });
});

test("text, codes, blanks, quotes and line endings keep their meaning", async ({ world, importCsv }) => {
  const imported = await importCsv(
    '\uFEFFcode,when,ok,note\r\n007,2012/1/2,TRUE,"a ""b"", c"\r\n\r\n008,2012-01-03,false,"two\r\nlines"\r\n009,,NA,\r\n',
    { nullText: "NA" },
  );
  const reader = await world.member("R3");
  const { rows } = await reader.api.data.previewRows({ projectId: world.project.id, datasetVersionId: imported.id });
  expect(rows).toEqual([
    { code: "007", when: "2012-01-02", ok: true, note: 'a "b", c' },
    { code: "008", when: "2012-01-03", ok: false, note: "two\r\nlines" },
    { code: "009", when: null, ok: null, note: null },
  ]);
});

test("a file of one column keeps a blank line as a missing value", async ({ importCsv }) => {
  expect(await importCsv("a\n1\n\n2\n")).toMatchObject({ rows: 3 });
});

test("only a data engineer or a DevOps engineer imports; a refusal writes nothing", async ({ world, importCsv }) => {
  await importCsv("a\n1\n");
  for (const role of ["R1", "R2", "R3", "R5", "R7"] as const) {
    const other = await world.member(role);
    await expect(other.scope("data.import")).rejects.toMatchObject({ code: "forbidden" });
    await expect(other.api.data.create({ projectId: world.project.id, name: "mine" })).rejects.toMatchObject({
      code: "FORBIDDEN",
    });
  }
  const stranger = await world.member();
  await expect(stranger.api.data.list({ projectId: world.project.id })).rejects.toMatchObject({ code: "NOT_FOUND" });
});

test("rows of a hold-out that stand in another version are counted", async ({ world, importCsv }) => {
  const engineer = await world.member("R4");
  await engineer.api.data.create({ projectId: world.project.id, name: "holdout", isHoldout: true });
  const weather = await readFile(WEATHER);
  const week = "((dayofyear(date) - 1) // 7) % 4 = 0";
  const constants = { station: "seattle" };
  const holdout = await importCsv(
    weather,
    { constants, filter: `year(date) = 2012 AND ${week}` },
    { dataset: "holdout" },
  );
  const rest = await importCsv(weather, { constants, filter: `year(date) = 2012 AND NOT ${week}` });
  const leak = await importCsv(weather, {
    constants,
    derived: { wet: "precipitation > 0" },
    filter: "year(date) = 2012 AND month(date) = 1",
  });
  const counted = await countSharedRows(world.ctx, holdout.id, [rest.id, leak.id]);
  expect(counted.rows).toBe(93);
  const shared = Object.fromEntries(counted.others.map((other) => [other.datasetVersionId, other.shared]));
  expect(shared).toEqual({ [rest.id]: 0, [leak.id]: 10 });
});

test("a step is given a version by number or the newest, and never a hold-out", async ({ world, importCsv }) => {
  const engineer = await world.member("R4");
  await engineer.api.data.create({ projectId: world.project.id, name: "holdout", isHoldout: true });
  await importCsv("a\n1\n", {}, { dataset: "holdout" });
  const first = await importCsv("a\n1\n");
  const second = await importCsv("a\n2\n");
  const resolve = (name: string, version: number | "latest") =>
    resolveDatasetVersion(world.ctx, world.project.id, name, version);
  expect(await resolve("weather", "latest")).toMatchObject({ id: second.id, version: 2 });
  expect(await resolve("weather", 1)).toMatchObject({ id: first.id });
  await expect(resolve("weather", 9)).rejects.toMatchObject({ code: "not_found" });
  await expect(resolve("holdout", "latest")).rejects.toMatchObject({ code: "precondition_failed", reason: "holdout" });
  const actions = await world.db
    .select({ action: auditEvents.action })
    .from(auditEvents)
    .where(eq(auditEvents.projectId, world.project.id));
  expect(actions.filter((row) => row.action === "data.version_imported")).toHaveLength(3);
});
