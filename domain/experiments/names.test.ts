import { expect, test } from "vitest";
import { keyProblem } from "./names";
import { doubleOf, integerOf, toWire } from "./wire-double";

test.each(["accuracy", "val/acc", "a b.c:d-e_f", "précision", "mlflow.source.name"])("%s is a key", (key) =>
  expect(keyProblem(key, "key")).toBeNull(),
);
test.each(["a$b", "", "../a", "a//b", "/a", "a/", ".", "./a", "a/../b", "x".repeat(251)])("%j is none", (key) => {
  expect(keyProblem(key, "metrics[0].name")).not.toBeNull();
});

test("doubles travel as numbers, as numeric strings and by name", () => {
  expect(doubleOf("1.5e3")).toBe(1500);
  expect(doubleOf("NaN")).toBeNaN();
  expect(doubleOf("-Infinity")).toBe(Number.NEGATIVE_INFINITY);
  expect(doubleOf("0x10")).toBeNull();
  expect(doubleOf(true)).toBeNull();
  expect([Number.NaN, Number.POSITIVE_INFINITY, -2.5].map(toWire)).toEqual(["NaN", "Infinity", -2.5]);
});

test("an int64 that a double cannot hold is no integer", () => {
  expect(integerOf("42")).toBe(42);
  expect(integerOf(-3)).toBe(-3);
  expect(integerOf("9007199254740993")).toBeNull();
  expect(integerOf(1.5)).toBeNull();
});
