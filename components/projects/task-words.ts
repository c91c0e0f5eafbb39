import type { MlProblemInput } from "@/domain/projects/contracts";

export const TASK_WORDS: Readonly<Record<MlProblemInput["task"], string>> = {
  binary_classification: "Binary classification",
  multiclass_classification: "Classification in several classes",
  regression: "Regression",
};
