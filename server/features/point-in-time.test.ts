import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type DuckSession, type Row, withDuckDb } from "../data/duckdb";
import { literal } from "../data/sql-text";
import { latestSql, MATCHED, type PointInTimeJoin, pointInTimeSql } from "./point-in-time-sql";

type SourceRow = {
  readonly id: number | null;
  readonly region: string | null;
  readonly at: number | null;
  readonly created: number | null;
  readonly v: number | null;
  readonly w: string | null;
};
type SpineRow = Pick<SourceRow, "id" | "region" | "at">;
type Case = {
  readonly source: readonly SourceRow[];
  readonly spine: readonly SpineRow[];
  readonly timeToLiveSeconds: number;
  readonly isComposite: boolean;
  readonly hasCreated: boolean;
};

const rarelyNull = <T>(value: fc.Arbitrary<T>) => fc.option(value, { freq: 8 });
// Few keys and few instants, so that ties, repeated rows and both edges of the time to live are common.
const id = rarelyNull(fc.integer({ min: 1, max: 4 }));
const region = rarelyNull(fc.constantFrom("n", "s"));
const at = rarelyNull(fc.integer({ min: 0, max: 40 }));
const sourceRow = fc.record({
  id,
  region,
  at,
  created: rarelyNull(fc.integer({ min: 0, max: 3 })),
  v: fc.option(fc.integer({ min: -3, max: 3 }), { freq: 3 }),
  w: fc.option(fc.constantFrom("a", "b"), { freq: 3 }),
});
const spineRow = fc.record({ id, region, at });
/** DuckDB joins in another way from 64 spine rows on. */
const spine = fc.oneof(
  { weight: 5, arbitrary: fc.array(spineRow, { maxLength: 24 }) },
  { weight: 1, arbitrary: fc.array(spineRow, { minLength: 60, maxLength: 68 }) },
  { weight: 1, arbitrary: fc.array(spineRow, { minLength: 65, maxLength: 140 }) },
);
const cases: fc.Arbitrary<Case> = fc.record({
  source: fc
    .array(sourceRow, { maxLength: 60 })
    .chain((rows) => fc.tuple(fc.constant(rows), fc.subarray([...rows])).map(([all, again]) => [...all, ...again])),
  spine,
  timeToLiveSeconds: fc.constantFrom(0, 1, 2, 5, 20, 3_000_000_000),
  isComposite: fc.boolean(),
  hasCreated: fc.boolean(),
});

const md5 = (row: SourceRow) =>
  createHash("md5")
    .update([row.v, row.w].map((value) => (value === null ? "-" : `=${value}`)).join("\u001f"))
    .digest("hex");

/** Which of two rows of one entity and instant counts: negative for the first. */
function ranking(a: SourceRow, b: SourceRow, hasCreated: boolean): number {
  const created = (row: SourceRow) => (hasCreated && row.created !== null ? row.created : Number.NEGATIVE_INFINITY);
  if (created(a) !== created(b)) return created(b) - created(a);
  return md5(a) < md5(b) ? -1 : 1;
}

function isSameEntity(a: SpineRow, b: SpineRow, isComposite: boolean): boolean {
  return a.id !== null && a.id === b.id && (!isComposite || (a.region !== null && a.region === b.region));
}

/** The rules, one spine row after another, without SQL. */
function bruteForce({ source, spine: rows, timeToLiveSeconds, isComposite, hasCreated }: Case) {
  return rows.map((row) => {
    const time = row.at;
    if (time === null) return { ...row, v: null, w: null, isMatched: false };
    const known = source
      .filter((candidate) => isSameEntity(row, candidate, isComposite))
      .flatMap((candidate) =>
        candidate.at !== null && candidate.at <= time ? [{ ...candidate, at: candidate.at }] : [],
      );
    const [newest] = known.sort((a, b) => b.at - a.at || ranking(a, b, hasCreated));
    const isMatched = newest !== undefined && (timeToLiveSeconds === 0 || newest.at >= time - timeToLiveSeconds);
    return { ...row, v: isMatched ? newest.v : null, w: isMatched ? newest.w : null, isMatched };
  });
}

const second = (value: number | null) =>
  value === null ? "NULL" : `TIMESTAMP '2012-02-29 23:59:${String(value).padStart(2, "0")}'`;
const text = (value: string | null) => (value === null ? "NULL" : literal(value));

function relation(columns: readonly string[], types: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = `SELECT ${columns.map((name, index) => `NULL::${types[index]} AS ${name}`).join(", ")} WHERE false`;
  if (rows.length === 0) return `(${head})`;
  return `(${head} UNION ALL VALUES ${rows.map((row) => `(${row.join(", ")})`).join(", ")})`;
}

function joinOf({ source, spine: rows, timeToLiveSeconds, isComposite, hasCreated }: Case): PointInTimeJoin {
  return {
    timeToLiveSeconds,
    source: {
      relation: relation(
        ["id", "region", "seen", "known", "v", "w"],
        ["BIGINT", "VARCHAR", "TIMESTAMP", "TIMESTAMP", "BIGINT", "VARCHAR"],
        source.map((row) => [
          String(row.id ?? "NULL"),
          text(row.region),
          second(row.at),
          second(row.created),
          String(row.v ?? "NULL"),
          text(row.w),
        ]),
      ),
      entityColumns: isComposite ? ["id", "region"] : ["id"],
      eventTimeColumn: "seen",
      createdTimeColumn: hasCreated ? "known" : null,
      features: [
        { name: "v", expression: "v", storedAs: "BIGINT" },
        { name: "w", expression: "w", storedAs: "VARCHAR" },
      ],
    },
    spine: {
      relation: relation(
        ["id", "region", "day"],
        ["BIGINT", "VARCHAR", "TIMESTAMP"],
        rows.map((row) => [String(row.id ?? "NULL"), text(row.region), second(row.at)]),
      ),
      columns: ["id", "region", "day"],
      timeColumn: "day",
    },
  };
}

const secondOf = (value: Row[string] | undefined) =>
  value === null || value === undefined ? null : Number(/:(\d\d)\.000Z$/.exec(String(value))?.[1]);

async function joined(session: DuckSession, one: Case) {
  const rows = await session.rows(pointInTimeSql(joinOf(one)));
  return rows.map((row) => ({
    id: row.id,
    region: row.region,
    at: secondOf(row.day),
    v: row.v,
    w: row.w,
    isMatched: row[MATCHED],
  }));
}

test("2,000 random cases: the same rows in the same order as the rules give one by one", async () => {
  const seen = { short: 0, long: 0, matched: 0, expired: 0 };
  await withDuckDb({ files: [], timeoutMs: 300_000 }, (session) =>
    fc.assert(
      fc.asyncProperty(cases, async (one) => {
        const wanted = bruteForce(one);
        seen[one.spine.length < 64 ? "short" : "long"] += 1;
        if (wanted.some((row) => row.isMatched)) seen.matched += 1;
        const unlimited = bruteForce({ ...one, timeToLiveSeconds: 0 });
        if (unlimited.some((row, index) => row.isMatched && wanted[index]?.isMatched === false)) seen.expired += 1;
        expect(await joined(session, one)).toEqual(wanted);
      }),
      { numRuns: 2_000 },
    ),
  );
  // The generator reaches what it is for.
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(200);
}, 300_000);

test("the newest row of each entity is what the rules give at the end of time", async () => {
  await withDuckDb({ files: [], timeoutMs: 120_000 }, (session) =>
    fc.assert(
      fc.asyncProperty(cases, async (drawn) => {
        const one = { ...drawn, timeToLiveSeconds: 0 };
        const keys = [
          ...new Set(one.source.map((row) => JSON.stringify([row.id, one.isComposite ? row.region : null]))),
        ];
        const end = keys.map((key): SpineRow => {
          const [entity, place] = JSON.parse(key);
          return { id: entity, region: place, at: 59 };
        });
        const wanted = bruteForce({ ...one, spine: end }).filter((row) => row.isMatched);
        const rows = await session.rows(latestSql(joinOf(one).source));
        const found = rows.map((row) => JSON.stringify([row.k0, row.k1 ?? null, row.f0, row.f1]));
        expect(found.toSorted()).toEqual(
          wanted.map((row) => JSON.stringify([row.id, row.region, row.v, row.w])).toSorted(),
        );
      }),
      { numRuns: 300 },
    ),
  );
}, 120_000);
