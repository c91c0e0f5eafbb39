import { expect, test } from "vitest";
import { changedFiles, quoteOf } from "./anchors";
import type { ReviewEvidence, ReviewSide } from "./types";

const side: ReviewSide = {
  label: "seattle-rain v7",
  modelVersionId: "v",
  modelDigest: "d",
  experimentRunId: "r",
  experimentRunName: "patient-wren",
  pipelineRun: 184,
  parameters: { C: "1" },
  columns: [],
  data: [],
  trainingSet: null,
  features: [],
  code: null,
  artifacts: [{ path: "model.onnx", sha256: "d", bytes: 10 }],
  problem: null,
};
const evidence: ReviewEvidence = {
  reviewId: "x",
  candidate: side,
  base: null,
  evaluation: null,
  metrics: [{ key: "platform.f1", name: "f1", source: "platform", scope: "", candidate: 0.8, base: null }],
  evaluations: [],
  slices: [],
};

test("a quote is the value as the evidence has it", () => {
  expect(quoteOf(evidence, { kind: "metric", key: "platform.f1" })).toMatchObject({
    label: "F1",
    quote: { kind: "metric", metric: { candidate: 0.8 }, labels: { candidate: "seattle-rain v7", base: null } },
  });
  expect(quoteOf(evidence, { kind: "run", key: "" })).toMatchObject({ label: "patient-wren" });
  expect(quoteOf(evidence, { kind: "artifact", key: "model.onnx" })?.quote).toMatchObject({ kind: "artifact" });
  expect(quoteOf(evidence, { kind: "whole", key: "" })).toEqual({ label: "", quote: null });
});

test("what the evidence does not have cannot be quoted", () => {
  expect(quoteOf(evidence, { kind: "metric", key: "platform.accuracy" })).toBeNull();
  expect(quoteOf(evidence, { kind: "slice", key: "all" })).toBeNull();
  expect(quoteOf(evidence, { kind: "artifact", key: "other" })).toBeNull();
});

test("files are told apart by their digest", () => {
  expect(changedFiles({ a: "1", b: "1", c: "1" }, { a: "1", b: "2", d: "1" })).toEqual([
    { path: "b", change: "changed" },
    { path: "c", change: "removed" },
    { path: "d", change: "added" },
  ]);
});
