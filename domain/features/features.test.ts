import { expect, test } from "vitest";
import { definitionChanges, timeToLiveText } from "./definition";
import { onlineValue } from "./online-value";
import { chooseVersion, materializationRefusal } from "./policy";
import { parseViewReference } from "./view-reference";

const VERSIONS = [
  { version: 1, isSigned: true },
  { version: 2, isSigned: true },
  { version: 3, isSigned: false },
];

test.for([
  ["production", "latest", 2],
  ["production", 1, 1],
  ["production", 3, "unsigned"],
  ["production", 9, "view_version"],
  ["development", "latest", 3],
  ["development", 3, 3],
  ["development", 9, "view_version"],
] as const)("a %s pipeline that asks for %s is given %s", ([pipeline, version, expected]) => {
  const { version: chosen, refusal } = chooseVersion({ name: "v", versions: VERSIONS }, { version, pipeline });
  expect(chosen?.version ?? refusal?.reason).toBe(expected);
});

test("without a signed version a production pipeline is told what is missing", () => {
  const { refusal } = chooseVersion(
    { name: "daily_weather", versions: [{ version: 1, isSigned: false }] },
    { version: "latest", pipeline: "production" },
  );
  expect(refusal?.sentence).toMatch(/^No version of daily_weather is signed yet/);
});

test.for([
  ["daily_weather", { name: "daily_weather", version: "latest" }],
  ["daily_weather@latest", { name: "daily_weather", version: "latest" }],
  ["daily_weather@12", { name: "daily_weather", version: 12 }],
  ["daily_weather@0", null],
  ["daily_weather@v1", null],
  ["Daily", null],
  ["daily weather", null],
] as const)("the reference %s", ([text, expected]) => {
  expect(parseViewReference(text)).toEqual(expected);
});

const FACTS = {
  name: "v v1",
  isSigned: true,
  hasDatasetVersion: true,
  isOneOpen: false,
  mayPublish: true,
  isPublished: false,
};

test.for([
  [{}, undefined],
  [{ isSigned: false }, "unsigned"],
  [{ hasDatasetVersion: false }, "no_data"],
  [{ isOneOpen: true }, "running"],
  [{ mayPublish: false }, "not_published"],
  [{ mayPublish: false, isPublished: true }, undefined],
] as const)("publishing with %j is refused for %s", ([change, reason]) => {
  expect(materializationRefusal({ ...FACTS, ...change })?.reason).toBe(reason);
});

test("a value lives from its event time to the last millisecond of its life", () => {
  const row = { eventTime: new Date(1_000_000), values: { a: 1, b: null } };
  const at = (ms: number, feature = "a", timeToLiveSeconds = 10) =>
    onlineValue(row, feature, { asOf: new Date(ms), timeToLiveSeconds, includeStale: false });
  expect(at(999_999)).toEqual({ value: null, status: "NOT_FOUND" });
  expect(at(1_000_000)).toEqual({ value: 1, status: "PRESENT" });
  expect(at(1_010_000)).toEqual({ value: 1, status: "PRESENT" });
  expect(at(1_010_001)).toEqual({ value: null, status: "OUTSIDE_MAX_AGE" });
  expect(at(9_999_999_999, "a", 0)).toEqual({ value: 1, status: "PRESENT" });
  expect(at(1_000_000, "b")).toEqual({ value: null, status: "NULL_VALUE" });
  expect(onlineValue(null, "a", { asOf: new Date(), timeToLiveSeconds: 0, includeStale: true }).status).toBe(
    "NOT_FOUND",
  );
});

const DEFINITION = {
  entityColumns: ["station"],
  eventTimeColumn: "date",
  createdTimeColumn: null,
  columns: [
    { name: "wind", expression: "wind" },
    { name: "span", expression: "temp_max - temp_min" },
  ],
  timeToLiveSeconds: 0,
  description: "",
};

test("what changes is said line by line; nothing where nothing does", () => {
  const [wind, span] = DEFINITION.columns;
  expect(definitionChanges(DEFINITION, structuredClone(DEFINITION))).toEqual([]);
  expect(
    definitionChanges(DEFINITION, {
      ...DEFINITION,
      createdTimeColumn: "seen",
      timeToLiveSeconds: 172_800,
      columns: [
        { name: "wind", expression: "wind * 3.6" },
        { name: "heat", expression: "temp_max" },
      ],
    }),
  ).toEqual([
    { what: "created time", before: null, after: "seen" },
    { what: "time to live", before: "unlimited", after: "2 days" },
    { what: "column wind", before: "wind", after: "wind * 3.6" },
    { what: "column span", before: "temp_max - temp_min", after: null },
    { what: "column heat", before: null, after: "temp_max" },
  ]);
  const reordered = { ...DEFINITION, columns: [span, wind].flatMap((column) => column ?? []) };
  expect(definitionChanges(DEFINITION, reordered)).toEqual([
    { what: "order of columns", before: "wind, span", after: "span, wind" },
  ]);
});

test.for([
  [0, "unlimited"],
  [1, "1 second"],
  [90, "90 seconds"],
  [60, "1 minute"],
  [7_200, "2 hours"],
  [86_400, "1 day"],
] as const)("%i seconds are %s", ([seconds, text]) => {
  expect(timeToLiveText(seconds)).toBe(text);
});
