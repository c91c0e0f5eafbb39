import { metricTitle } from "../promotions/metrics";
import type { Anchor, Quote, ReviewEvidence } from "./types";

/** The anchored value as the evidence has it, with what people call it; null where the evidence has no such thing. */
export function quoteOf(
  evidence: ReviewEvidence,
  anchor: Anchor,
): { readonly label: string; readonly quote: Quote | null } | null {
  const { candidate, base } = evidence;
  const labels = { candidate: candidate.label, base: base?.label ?? null };
  if (anchor.kind === "whole") return { label: "", quote: null };
  if (anchor.kind === "run") {
    const { experimentRunName, pipelineRun, parameters, label } = candidate;
    const name = experimentRunName ?? label;
    return { label: name, quote: { kind: "run", name, pipelineRun, parameters } };
  }
  if (anchor.kind === "metric") {
    const metric = evidence.metrics.find(({ key }) => key === anchor.key);
    return metric ? { label: metricTitle(metric.name), quote: { kind: "metric", metric, labels } } : null;
  }
  if (anchor.kind === "slice") {
    const slice = evidence.slices.find(({ id }) => id === anchor.key);
    const metric = evidence.evaluation?.sliceMetric ?? "accuracy";
    return slice ? { label: slice.name, quote: { kind: "slice", slice, metric, labels } } : null;
  }
  const file = candidate.artifacts.find(({ path }) => path === anchor.key);
  return file ? { label: file.path, quote: { kind: "artifact", file } } : null;
}

/** Files of two bundles that are not the same, by path. */
export function changedFiles(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): readonly { readonly path: string; readonly change: "added" | "removed" | "changed" }[] {
  const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return paths.flatMap((path) => {
    if (before[path] === after[path]) return [];
    const change = before[path] === undefined ? "added" : after[path] === undefined ? "removed" : "changed";
    return [{ path, change } as const];
  });
}
