import { z } from "zod";
import { RISK_CLASSES } from "./types";

const line = (max: number) => z.string().trim().min(1, "This is needed.").max(max);

export const createProjectInput = z.object({
  name: line(80),
  description: z.string().trim().max(2_000).default(""),
  risk: z.enum(RISK_CLASSES).default("medium"),
});
export type CreateProject = z.infer<typeof createProjectInput>;

export const problemStatementInput = z.object({
  goal: line(2_000),
  affectedUsers: z.string().trim().max(500).default(""),
  kpiName: line(120),
  kpiUnit: z.string().trim().max(40).default(""),
  kpiBaseline: z.number().finite(),
  kpiTarget: z.number().finite(),
  deadline: z.iso.date().nullable().default(null),
});
export type ProblemStatementInput = z.infer<typeof problemStatementInput>;

const METRICS = ["accuracy", "balanced_accuracy", "f1", "brier", "log_loss", "roc_auc", "rmse", "mae", "r2"] as const;

/** Least and greatest value that a metric can have: a threshold outside would pass everything, or nothing. */
const RANGES: Readonly<Record<(typeof METRICS)[number], readonly [number, number]>> = {
  accuracy: [0, 1],
  balanced_accuracy: [0, 1],
  f1: [0, 1],
  brier: [0, 1],
  roc_auc: [0, 1],
  log_loss: [0, Number.POSITIVE_INFINITY],
  rmse: [0, Number.POSITIVE_INFINITY],
  mae: [0, Number.POSITIVE_INFINITY],
  r2: [Number.NEGATIVE_INFINITY, 1],
};

function rangeSentence([least, greatest]: readonly [number, number]): string {
  if (greatest === Number.POSITIVE_INFINITY) return `This metric is never below ${least}.`;
  return least === Number.NEGATIVE_INFINITY
    ? `This metric is never above ${greatest}.`
    : `This metric lies between ${least} and ${greatest}.`;
}

export const mlProblemInput = z
  .object({
    task: z.enum(["binary_classification", "multiclass_classification", "regression"]),
    target: line(120),
    predictionUnit: line(120),
    metric: z.enum(METRICS),
    acceptanceThreshold: z.number().finite(),
    /** How the threshold follows from the KPI. */
    rationale: line(2_000),
  })
  .superRefine(({ metric, acceptanceThreshold }, context) => {
    const [least, greatest] = RANGES[metric];
    if (acceptanceThreshold < least || acceptanceThreshold > greatest)
      context.addIssue({ code: "custom", path: ["acceptanceThreshold"], message: rangeSentence(RANGES[metric]) });
  });
export type MlProblemInput = z.infer<typeof mlProblemInput>;

/** A URL-safe name: lower case, digits and single dashes. */
export function slugOf(name: string): string {
  const slug = name
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return slug || "project";
}
