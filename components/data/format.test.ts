import { expect, test } from "vitest";
import {
  countInWords,
  formatBytes,
  formatCount,
  formatDuration,
  formatMetric,
  formatNumber,
  formatRelative,
} from "./format";

test("numbers keep their digits and a true minus sign", () => {
  expect(formatCount(1461)).toBe("1,461");
  expect(formatCount(48.4)).toBe("48.4");
  expect(formatNumber(-0.0114, 3)).toBe("−0.011");
  expect(formatMetric(0.796)).toBe("0.796");
  expect(formatMetric(0.00001)).toBe("1.00e−5");
  expect(formatMetric(Number.NaN)).toBe("NaN");
  expect(formatMetric(Number.NEGATIVE_INFINITY)).toBe("−∞");
});

test("durations come in one form, two units at most", () => {
  expect(formatDuration(400)).toBe("0.4 s");
  expect(formatDuration(41_000)).toBe("41 s");
  expect(formatDuration(59_600)).toBe("1 min");
  expect(formatDuration(192_000)).toBe("3 min 12 s");
  expect(formatDuration(7_500_000)).toBe("2 h 5 min");
  expect(formatDuration(86_400_000 * 9 + 3_600_000 * 4)).toBe("9 d 4 h");
});

test("relative times look back and ahead, and give way to the date", () => {
  const now = new Date("2026-11-24T12:00:00Z");
  const before = (seconds: number) => formatRelative(new Date(now.getTime() - seconds * 1_000), now);
  expect(before(3)).toBe("just now");
  expect(before(180)).toBe("3 min ago");
  expect(before(7_200)).toBe("2 h ago");
  expect(before(-3 * 86_400)).toBe("in 3 d");
  expect(before(86_400 * 40)).toBe("15 Oct 2026");
});

test("sizes and small numbers read as people say them", () => {
  expect(formatBytes(11_000)).toBe("11 KB");
  expect(formatBytes(4_200_000)).toBe("4.2 MB");
  expect(countInWords(1, "model")).toBe("one model");
  expect(countInWords(12, "thing")).toBe("12 things");
});
