import { Readable } from "node:stream";
import { and, eq } from "drizzle-orm";
import { expect } from "vitest";
import { auditEvents } from "@/db/schema/audit";
import { checkSets, validationReports } from "@/db/schema/data";
import { importOptionsSchema } from "@/domain/data/contracts";
import type { CheckSpec } from "@/domain/data/types";
import { test, World } from "../testing/world";
import { importDatasetVersion } from "./import-dataset-version";
import { validateDatasetVersion } from "./validate-dataset-version";

const CSV = `day,wind,kind,station
2012-01-01,4.7,rain,s
2012-01-02,,rain,s
2012-01-03,99,sun,s
2012-01-03,2.5,drizzle,s
2012-01-06,3,hail,s
`;

const CHECKS: readonly (readonly [CheckSpec, number, readonly Readonly<Record<string, unknown>>[]])[] = [
  [{ kind: "not_null", column: "wind" }, 1, [{ row: 2, day: "2012-01-02", wind: null }]],
  [{ kind: "unique", columns: ["day"] }, 1, [{ day: "2012-01-03", rows: 2 }]],
  [{ kind: "range", column: "wind", min: 0, max: 40 }, 1, [{ row: 3, wind: 99 }]],
  [{ kind: "allowed_values", column: "kind", values: ["rain", "sun", "drizzle"] }, 1, [{ row: 5, kind: "hail" }]],
  [
    { kind: "gap_free_dates", column: "day", largestGapDays: 1 },
    2,
    [{ after: "2012-01-03", before: "2012-01-06", "missing days": 2 }],
  ],
];

async function weather(world: World) {
  const engineer = await world.member("R4");
  const dataset = await engineer.api.data.create({ projectId: world.project.id, name: "weather" });
  const version = await importDatasetVersion(world.ctx, await engineer.scope("data.import"), {
    dataset: "weather",
    sourceName: "weather.csv",
    options: importOptionsSchema.parse({}),
    allowMissingColumns: false,
    source: Readable.from([CSV]),
  });
  const save = (checks: readonly CheckSpec[]) =>
    engineer.api.data.saveChecks({
      projectId: world.project.id,
      datasetId: dataset.id,
      checks: checks.map((check) => structuredClone(check) as never),
    });
  const validate = () => engineer.api.data.validate({ projectId: world.project.id, datasetVersionId: version.id });
  return { engineer, dataset, version, save, validate };
}

test("each kind of check is seen failing, with the rows that break it", async ({ world }) => {
  const { save, validate } = await weather(world);
  await save(CHECKS.map(([check]) => check));
  const report = await validate();
  expect(report.hasPassed).toBe(false);
  report.results.forEach((result, index) => {
    const [check, failing, sample] = CHECKS[index] ?? [];
    expect(result).toMatchObject({ check, verdict: "fail", failing, rows: 5, sample });
  });
});

test("each kind of check is seen passing", async ({ world }) => {
  const { save, validate } = await weather(world);
  await save([
    { kind: "not_null", column: "kind" },
    { kind: "unique", columns: ["day", "kind"] },
    { kind: "range", column: "wind", min: null, max: 100 },
    { kind: "allowed_values", column: "station", values: ["s"] },
    { kind: "gap_free_dates", column: "day", largestGapDays: 3 },
  ]);
  const report = await validate();
  expect(report.results.map((result) => result.verdict)).toEqual(["pass", "pass", "pass", "pass", "pass"]);
  expect(report.hasPassed).toBe(true);
});

test("checks are versioned, and the report names the version it used", async ({ world }) => {
  const { engineer, version, save, validate } = await weather(world);
  await expect(validate()).rejects.toMatchObject({ code: "PRECONDITION_FAILED" });
  await save([{ kind: "not_null", column: "wind" }]);
  await validate();
  expect((await save([{ kind: "not_null", column: "kind" }])).version).toBe(2);
  const second = await validate();
  expect(second).toMatchObject({ checkSetVersion: 2, hasPassed: true });
  const reports = await engineer.api.data.reports({ projectId: world.project.id, datasetVersionId: version.id });
  expect(reports.map((report) => [report.checkSetVersion, report.hasPassed])).toEqual([
    [2, true],
    [1, false],
  ]);
  const list = await engineer.api.data.list({ projectId: world.project.id });
  expect(list[0]?.newest).toMatchObject({ version: 1, rows: 5, columns: 4, hasPassed: true });
  const lineage = (await engineer.api.data.getVersion({ projectId: world.project.id, datasetVersionId: version.id }))
    .lineage;
  expect(lineage.filter((edge) => edge.edge === "validated_by")).toHaveLength(2);
  const audited = await world.db
    .select({ action: auditEvents.action })
    .from(auditEvents)
    .where(and(eq(auditEvents.projectId, world.project.id), eq(auditEvents.action, "data.validated")));
  expect(audited).toHaveLength(2);
});

test("checks that do not fit the columns are refused; a check whose column is gone is an error, not a pass", async ({
  world,
}) => {
  const { dataset, version, save } = await weather(world);
  await expect(save([{ kind: "range", column: "kind", min: 0, max: 1 }])).rejects.toThrow(
    "A range needs numbers; kind is text.",
  );
  await expect(save([{ kind: "not_null", column: "pressure" }])).rejects.toThrow("no column pressure");
  expect(await world.db.$count(checkSets, eq(checkSets.datasetId, dataset.id))).toBe(0);
  const owner = await world.member("R4");
  await world.db.insert(checkSets).values({
    id: crypto.randomUUID(),
    projectId: world.project.id,
    datasetId: dataset.id,
    version: 1,
    checks: [{ kind: "not_null", column: "pressure" }],
    createdBy: owner.id,
  });
  const report = await validateDatasetVersion(world.ctx, { projectId: world.project.id, datasetVersionId: version.id });
  expect(report).toMatchObject({
    hasPassed: false,
    results: [{ verdict: "error", message: "The dataset version has no column pressure." }],
  });
});

test("only a data engineer edits checks; a version of another project is not found", async ({ world, service }) => {
  const { dataset, version, save } = await weather(world);
  await save([{ kind: "not_null", column: "kind" }]);
  const scientist = await world.member("R3");
  await expect(
    scientist.api.data.saveChecks({ projectId: world.project.id, datasetId: dataset.id, checks: [] }),
  ).rejects.toMatchObject({ code: "FORBIDDEN" });
  await expect(
    scientist.api.data.validate({ projectId: world.project.id, datasetVersionId: version.id }),
  ).rejects.toMatchObject({ code: "FORBIDDEN" });
  const elsewhere = await World.create(service);
  const foreigner = await elsewhere.member("R4");
  await expect(
    foreigner.api.data.validate({ projectId: elsewhere.project.id, datasetVersionId: version.id }),
  ).rejects.toMatchObject({ code: "NOT_FOUND" });
  await expect(
    foreigner.api.data.saveChecks({ projectId: elsewhere.project.id, datasetId: dataset.id, checks: [] }),
  ).rejects.toMatchObject({ code: "NOT_FOUND" });
  expect(await world.db.$count(validationReports, eq(validationReports.projectId, world.project.id))).toBe(0);
});
