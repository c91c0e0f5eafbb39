import type { WireDouble } from "./types";

/** Writes a double as the MLflow protocol does: JSON has no NaN and no infinities, so those travel by name. */
export function toWire(value: number): WireDouble {
  if (Number.isNaN(value)) return "NaN";
  if (value === Number.POSITIVE_INFINITY) return "Infinity";
  return value === Number.NEGATIVE_INFINITY ? "-Infinity" : value;
}

/** Reads a double that came as a JSON number, as a numeric string or by name; null where it is none of these. */
export function doubleOf(value: unknown): number | null {
  if (typeof value === "number") return value;
  if (typeof value !== "string") return null;
  const named = { NaN: Number.NaN, Infinity: Number.POSITIVE_INFINITY, "-Infinity": Number.NEGATIVE_INFINITY }[
    value.trim()
  ];
  if (named !== undefined) return named;
  return /^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$/.test(value) ? Number(value) : null;
}

/** Reads an int64 that came as a JSON number or a numeric string; null beyond what a double holds exactly. */
export function integerOf(value: unknown): number | null {
  const number = typeof value === "string" && /^\s*[-+]?\d+\s*$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number) ? number : null;
}
