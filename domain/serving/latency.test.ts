import { expect, test } from "vitest";
import { LATENCY_BOUNDS, latencyClassOf, percentileMs } from "./latency";

const counted = (latencies: readonly number[]) => {
  const rows = new Map<number, number>();
  for (const each of latencies.map(latencyClassOf)) rows.set(each, (rows.get(each) ?? 0) + 1);
  return [...rows].map(([latencyClass, count]) => ({ latencyClass, rows: count }));
};

test("bounds rise from a tenth of a millisecond to a minute, and every latency has a class", () => {
  expect(LATENCY_BOUNDS[0]).toBe(100);
  expect(LATENCY_BOUNDS.at(-1)).toBeGreaterThan(50_000_000);
  expect([0, 99, 100, 115, 10 ** 9].map(latencyClassOf)).toEqual([0, 0, 1, 2, LATENCY_BOUNDS.length]);
});

test("a percentile read from the classes is within a class's width of the exact one", () => {
  const latencies = Array.from({ length: 2_000 }, (_, at) => 500 + ((at * 7_919) % 20_000));
  const exact = latencies.toSorted((a, b) => a - b);
  for (const share of [0.5, 0.95, 0.99]) {
    const read = (percentileMs(counted(latencies), share) ?? 0) * 1_000;
    const wanted = exact[Math.ceil(share * exact.length) - 1] ?? 0;
    expect(Math.abs(read / wanted - 1)).toBeLessThan(0.15);
  }
});

test("without rows there is no percentile; beyond the last bound it is the last bound", () => {
  expect(percentileMs([], 0.95)).toBeNull();
  const last = (LATENCY_BOUNDS.at(-1) ?? 0) / 1_000;
  expect(percentileMs([{ latencyClass: LATENCY_BOUNDS.length, rows: 3 }], 0.95)).toBe(last);
});
