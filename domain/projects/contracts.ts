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

export const mlProblemInput = z.object({
  task: z.enum(["binary_classification", "multiclass_classification", "regression"]),
  target: line(120),
  predictionUnit: line(120),
  metric: z.enum(["accuracy", "balanced_accuracy", "f1", "brier", "log_loss", "roc_auc", "rmse", "mae", "r2"]),
  acceptanceThreshold: z.number().finite(),
  /** How the threshold follows from the KPI. */
  rationale: line(2_000),
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
