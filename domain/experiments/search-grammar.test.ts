import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseFilter, parseOrderBy } from "./search-grammar";
import { comparer, isLike, matches, type Searchable } from "./search-match";
import { SearchSyntaxError } from "./search-tokens";
import { EXPERIMENT_TARGET, MODEL_VERSION_TARGET, RUN_TARGET } from "./search-types";

const runs = (filter: string) => parseFilter(filter, RUN_TARGET);

describe("filters", () => {
  test("comparisons are joined by AND in any case", () => {
    expect(
      runs("metrics.accuracy > 0.7 and params.penalty = 'l2' AND tags.`mlflow.source.name` LIKE 'train%'"),
    ).toEqual([
      { entity: "metric", key: "accuracy", comparator: ">", value: 0.7 },
      { entity: "param", key: "penalty", comparator: "=", value: "l2" },
      { entity: "tag", key: "mlflow.source.name", comparator: "LIKE", value: "train%" },
    ]);
  });

  test("bare keys are attributes, with the spellings that people use", () => {
    expect(
      runs("run name ilike '%wren%' AND Created > 1700000000000 AND attributes.status != \"FAILED\"").map(
        (clause) => clause.key,
      ),
    ).toEqual(["run_name", "start_time", "status"]);
  });

  test("lists, null tests and quoted keys", () => {
    expect(runs("run_id IN ('a', 'b') AND params.\"learning rate\" IS NOT NULL AND dataset.name NOT IN ('x')")).toEqual(
      [
        { entity: "attribute", key: "run_id", comparator: "IN", value: ["a", "b"] },
        { entity: "param", key: "learning rate", comparator: "IS NOT NULL", value: null },
        { entity: "dataset", key: "name", comparator: "NOT IN", value: ["x"] },
      ],
    );
  });

  test("an empty filter finds all", () => expect(runs("  ")).toEqual([]));

  test.each([
    ["metrics.a >", "Expected a numeric value"],
    ["metrics.a > '1'", "Expected a numeric value"],
    ["params.a = 1", "Expected a quoted string value"],
    ["params.a > 'x'", "Invalid comparator"],
    ["colour = 'x'", "Invalid attribute key"],
    ["toString = 'x'", "Invalid attribute key"],
    ["things.a = 'x'", "Invalid entity type"],
    ["constructor.a = 'x'", "Invalid entity type"],
    ["metrics.a > 1 OR metrics.b > 2", "Invalid clause(s) in filter string"],
    ["metrics.a > 1 metrics.b > 2", "Invalid clause(s) in filter string"],
    ["status IN ('FINISHED')", "Invalid comparator"],
    ["run_id IN ()", "Expected a quoted string value"],
    ["params.a = 'x", "Invalid clause(s) in filter string"],
    ["; drop table runs", "Invalid clause(s) in filter string"],
  ])("%s is refused", (filter, message) => {
    expect(() => runs(filter)).toThrow(message);
  });

  test("whatever is typed, nothing but the language's own error is thrown", () => {
    const piece = fc.oneof(
      fc.constantFrom(
        "metrics.",
        "params.a",
        "tags.`x`",
        "=",
        "!=",
        "LIKE",
        "'v'",
        '"k"',
        "AND",
        "IN",
        "(",
        ")",
        ",",
        "1e5",
        "-",
        "NOT",
        "IS",
        "NULL",
        "run",
        "name",
        "`",
        "'",
        "\\",
      ),
      fc.string(),
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 12 }),
        fc.constantFrom(RUN_TARGET, EXPERIMENT_TARGET, MODEL_VERSION_TARGET),
        (pieces, target) => {
          for (const parse of [() => parseFilter(pieces.join(" "), target), () => parseOrderBy(pieces, target)]) {
            try {
              parse();
            } catch (error) {
              expect(error).toBeInstanceOf(SearchSyntaxError);
            }
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test("a quoted value comes back as it was", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme" }).filter((text) => !/['\\]/.test(text)),
        (text) => {
          expect(runs(`tags.t = '${text}'`)[0]?.value).toBe(text);
        },
      ),
    );
  });
});

describe("orders", () => {
  test("names a direction or ascends", () => {
    expect(parseOrderBy(["metrics.a DESC", "start_time", "params.`b c` ASC"], RUN_TARGET)).toEqual([
      { entity: "metric", key: "a", isAscending: false },
      { entity: "attribute", key: "start_time", isAscending: true },
      { entity: "param", key: "b c", isAscending: true },
    ]);
  });
  test("the same field twice is refused", () => {
    expect(() => parseOrderBy(["metrics.a", "metrics.a DESC"], RUN_TARGET)).toThrow("contains duplicate fields");
  });
  test("an unknown direction is refused", () => {
    expect(() => parseOrderBy(["metrics.a UPWARDS"], RUN_TARGET)).toThrow("Invalid order_by clause");
  });
});

describe("matching", () => {
  const subject: Searchable = {
    attributes: { run_name: "patient-wren", end_time: null },
    metrics: { a: 1, n: Number.NaN },
    params: { p: "X" },
    tags: {},
  };
  const isFound = (filter: string) => matches(subject, runs(filter));

  test("a missing key never matches, also for !=", () => {
    expect(isFound("params.q != 'x'")).toBe(false);
    expect(isFound("end_time != 1")).toBe(false);
    expect(isFound("params.q IS NULL")).toBe(true);
  });
  test("NaN compares with nothing", () => {
    expect(isFound("metrics.n != 1")).toBe(false);
    expect(isFound("metrics.n >= 0")).toBe(false);
  });
  test("ILIKE ignores case, LIKE does not", () => {
    expect(isFound("params.p LIKE 'x'")).toBe(false);
    expect(isFound("params.p ILIKE 'x'")).toBe(true);
  });
  test("every text is like itself, and like its pieces between wildcards", () => {
    const text = fc.string({ unit: "grapheme" }).filter((value) => !/[%_]/.test(value));
    fc.assert(
      fc.property(text, text, text, (a, b, c) => {
        expect(isLike(a, a, false)).toBe(true);
        expect(isLike(a + b + c, `%${b}%`, false)).toBe(true);
        expect(isLike(a + b + c, `${a}%${c}`, true)).toBe(true);
        expect(isLike(`${a}x`, `${a}_`, false)).toBe(true);
        expect(isLike(a, `${a}_`, false)).toBe(false);
      }),
    );
  });
  test("a pattern of many wildcards is judged at once", () => {
    expect(isLike("a".repeat(5_000), `${"%a".repeat(200)}%b`, false)).toBe(false);
  });
  test("numbers, then NaN, then what is missing, in both directions", () => {
    const rows = [{ a: Number.NaN }, {}, { a: 2 }, { a: 1 }] as const;
    const sorted = (isAscending: boolean) =>
      [...rows]
        .sort(
          comparer([{ entity: "metric", key: "a", isAscending }], (row) => ({
            attributes: {},
            tags: {},
            metrics: row,
          })),
        )
        .map((row) => ("a" in row ? row.a : null));
    expect(sorted(true)).toEqual([1, 2, Number.NaN, null]);
    expect(sorted(false)).toEqual([2, 1, Number.NaN, null]);
  });
});
