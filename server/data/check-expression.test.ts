import { describe, expect, test } from "vitest";
import { assertExpression } from "./check-expression";
import { withDuckDb } from "./duckdb";

const columns = ["date", "precipitation", "wind", "kind"];

function judge(expression: string) {
  return withDuckDb({ files: [] }, (session) =>
    assertExpression(session, expression, { subject: "The filter", columns }),
  ).then(
    (names) => ({ names, refusal: null }),
    (error: unknown) => ({ names: null, refusal: String(error) }),
  );
}

describe("an expression of one row is taken, with the columns it names", () => {
  test.each([
    ["precipitation > 0", ["precipitation"]],
    ["year(date) = 2012 AND ((dayofyear(date) - 1) // 7) % 4 = 0", ["date"]],
    ["cos(2 * pi() * dayofyear(date) / 365.25)", ["date"]],
    ["date BETWEEN DATE '2012-01-01' AND '2012-03-31'::date", ["date"]],
    ["CASE WHEN wind IS NULL THEN 0 ELSE wind END", ["wind"]],
    ["coalesce(kind, 'none') LIKE 'r%' OR kind IN ('sun', 'fog')", ["kind"]],
    ["date + INTERVAL 1 DAY > '2012-01-01'::date -- a comment", ["date"]],
    ["extract(month FROM date)", ["date"]],
  ])("%s", async (expression, names) => {
    expect(await judge(expression)).toEqual({ names, refusal: null });
  });
});

describe("anything else is refused with its reason", () => {
  test.each([
    ["(SELECT 1)", /subquery/],
    ["wind IN (SELECT 1)", /subquery/],
    ["wind > 0; SELECT 1", /syntax error/],
    ["1) AS value, (2", /one expression/],
    ["1) AS value FROM other, input WHERE (2 = 2", /syntax error|one expression/],
    ["1) AS value FROM read_text('/etc/passwd') UNION SELECT (2", /one expression/],
    ["sum(wind)", /function sum/],
    ["sum(wind) OVER ()", /window/],
    ["random() > 0.5", /function random/],
    ["now() > date", /function now/],
    ["current_date > date", /no column current_date/],
    ["current_setting('threads')", /current_setting/],
    ["getenv('HOME')", /getenv/],
    ["repeat('a', 1000000000)", /function repeat/],
    ["other.abs(wind)", /function abs/],
    ["pressure > 0", /no column pressure/],
    ["input.wind > 0", /no column/],
    ["*", /star/],
    ["$1", /parameter/],
    ["list_transform([1], x -> x + 1)", /not allowed/],
    ["wind >", /syntax error/],
  ])("%s", async (expression, reason) => {
    expect((await judge(expression)).refusal).toMatch(reason);
  });
});

describe("the database is confined", () => {
  const attempt = (sql: string) =>
    withDuckDb({ files: [] }, (session) => session.rows(sql)).then(
      () => "done",
      (error: unknown) => String(error),
    );

  test.each([
    ["SELECT * FROM read_text('/etc/passwd')", /disabled by configuration/],
    ["SELECT * FROM read_csv('../package.json')", /disabled by configuration/],
    ["COPY (SELECT 1) TO '/tmp/countersign-out.csv'", /disabled by configuration/],
    ["ATTACH '/tmp/countersign.db'", /disabled/],
    ["INSTALL httpfs", /disabled|locked|not be|Permission/],
    ["SET enable_external_access = true", /locked|cannot/i],
    ["SET memory_limit = '64GB'", /locked/],
  ])("%s", async (sql, reason) => {
    expect(await attempt(sql)).toMatch(reason);
  });

  test("a query that does not end is interrupted", async () => {
    const endless = withDuckDb({ files: [], timeoutMs: 100 }, (session) =>
      session.rows("SELECT sum(a.range * b.range) FROM range(10000000) a, range(100000) b"),
    );
    await expect(endless).rejects.toMatchObject({ reason: "too_slow" });
  });
});
