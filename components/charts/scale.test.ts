import fc from "fast-check";
import { expect, test } from "vitest";
import { domainOf, thinOut, ticksOf } from "./scale";

test("ticks are round and lie in the domain", () => {
  expect(ticksOf([0, 1], 4)).toEqual([0, 0.5, 1]);
  expect(ticksOf([0.7, 0.9], 4)).toEqual([0.7, 0.75, 0.8, 0.85, 0.9]);
  expect(ticksOf([1, 8], 4)).toEqual([2, 4, 6, 8]);
});

test("ticks stay few and inside, whatever the domain", () => {
  fc.assert(
    fc.property(
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.double({ min: 1e-2, max: 1e9, noNaN: true }),
      (low, span) => {
        const ticks = ticksOf([low, low + span], 5);
        expect(ticks.length).toBeLessThanOrEqual(7);
        for (const tick of ticks) expect(tick >= low - span * 1e-6 && tick <= low + span * (1 + 1e-6)).toBe(true);
      },
    ),
  );
});

test("one value gets a range around it, and nothing but NaN the unit range", () => {
  const [low, high] = domainOf([3, 3]);
  expect(low).toBeLessThan(3);
  expect(high).toBeGreaterThan(3);
  expect(domainOf([Number.NaN])).toEqual([0, 1]);
});

test("thinning keeps the extremes and the order", () => {
  const points = Array.from({ length: 5_000 }, (_, x) => ({ x, y: x === 2_345 ? 99 : Math.sin(x) }));
  const thin = thinOut(points, 400);
  expect(thin.length).toBeLessThanOrEqual(402);
  expect(thin).toContainEqual({ x: 2_345, y: 99 });
  expect(thin.map((point) => point.x)).toEqual(thin.map((point) => point.x).toSorted((a, b) => a - b));
});
