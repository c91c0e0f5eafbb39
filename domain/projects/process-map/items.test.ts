import { expect, test } from "vitest";
import { coverageOf, stepState } from "./coverage";
import { ITEMS } from "./items";
import { STEPS } from "./steps";
import { COLUMNS, PRINCIPLES } from "./types";
import { whoCould, whoWould } from "./words";

test("there are 78 items, each id once, in the six blocks as numbered", () => {
  const ids = ITEMS.map((item) => item.id);
  expect(ids).toHaveLength(78);
  expect(new Set(ids).size).toBe(78);
  const numbered = (letter: string, count: number) =>
    Array.from({ length: count }, (_, index) => `${letter}-${String(index + 1).padStart(2, "0")}`);
  const expected = [
    ...numbered("A", 12),
    ...numbered("B", 15),
    ...numbered("C", 17),
    ...numbered("D", 27),
    ...numbered("X", 7),
  ];
  expect([...ids].sort()).toEqual(expected);
});

test("there are 28 numbered steps, each step has an item and each item a step", () => {
  const numbers = STEPS.flatMap((step) => (step.number === null ? [] : [step.number]));
  expect(numbers).toEqual(Array.from({ length: 28 }, (_, index) => index + 1));
  expect(new Set(STEPS.map((step) => step.id)).size).toBe(STEPS.length);
  expect(new Set(ITEMS.map((item) => item.step))).toEqual(new Set(STEPS.map((step) => step.id)));
});

test("each item says who could do it, and its words are sentences", () => {
  for (const item of ITEMS) {
    expect(item.roles.length).toBeGreaterThan(0);
    expect(item.words).toMatch(/^[A-Z].*\.$/);
    expect(whoCould(item)).toMatch(/\.$/);
  }
  expect(whoCould({ roles: ["R3"], isAutomatic: false })).toBe("A data scientist could do this.");
  expect(whoCould({ roles: ["R7", "R6"], isAutomatic: true })).toBe(
    "The product does this; an ML engineer or DevOps engineer sets it going.",
  );
  expect(whoWould({ roles: ["R2"], isAutomatic: false })).toBe(
    "The product keeps no record of this yet. It would be for a solution architect.",
  );
});

test("shares add up: every item counts once by principle and once by column", () => {
  const all = coverageOf(new Map(ITEMS.map((item) => [item.id, "done" as const])));
  expect([all.done, all.total, all.begun]).toEqual([78, 78, 0]);
  expect(all.principles.map((one) => one.principle)).toEqual([...PRINCIPLES]);
  expect(all.columns.map((one) => one.column)).toEqual([...COLUMNS]);
  for (const shares of [all.principles, all.columns]) expect(shares.reduce((sum, one) => sum + one.total, 0)).toBe(78);
  const some = coverageOf(
    new Map([
      ["A-01", "done"],
      ["A-06", "begun"],
      ["A-07", "not_yet"],
    ]),
  );
  expect([some.done, some.begun]).toEqual([1, 1]);
});

test("a step is done when all of it is, and begun when anything is", () => {
  expect(stepState(["done", "done"])).toBe("done");
  expect(stepState(["done", "not_yet"])).toBe("begun");
  expect(stepState(["begun"])).toBe("begun");
  expect(stepState(["not_yet", "not_yet"])).toBe("not_yet");
});
