import { expect, test } from "vitest";
import type { ParameterSpec } from "@/domain/pipelines/types";
import { entriesOf, readEntries } from "./parameter-entries";

const spec = (name: string, type: ParameterSpec["type"], value: ParameterSpec["default"]): ParameterSpec => ({
  name,
  type,
  default: value,
  description: "",
});
const SPECS = [
  spec("c", "number", 1.5),
  spec("n", "integer", null),
  spec("fast", "boolean", true),
  spec("from", "date", "2012-01-01"),
  spec("name", "string", ""),
];

test("defaults become entries, and entries the same values again", () => {
  const entries = entriesOf(SPECS, { n: 3 });
  expect(entries).toEqual({ c: "1.5", n: "3", fast: "true", from: "2012-01-01", name: "" });
  expect(readEntries(SPECS, entries)).toEqual({
    values: { c: 1.5, n: 3, fast: true, from: "2012-01-01", name: "" },
    problems: {},
  });
});

test("what is no value of its type is said at its field", () => {
  const { problems } = readEntries(SPECS, { c: "much", n: "1.5", fast: "false", from: "2012-13-01", name: "x" });
  expect(problems).toEqual({
    c: "Write a number.",
    n: "Write a whole number.",
    from: "Write a date such as 2013-01-31.",
  });
  expect(readEntries(SPECS, { ...entriesOf(SPECS, {}), n: "" }).problems).toEqual({ n: "This needs a value." });
});
