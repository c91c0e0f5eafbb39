import type { z } from "zod";

/** Sentences by field of what the contract refuses, for showing before anything is sent. */
export function fieldErrorsOf(error: z.ZodError | undefined): Readonly<Record<string, string>> {
  if (!error) return {};
  return Object.fromEntries(error.issues.map((issue) => [issue.path.join("."), sentenceOf(issue)]).reverse());
}

function sentenceOf(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_type") return issue.expected === "number" ? "This needs a number." : "This is needed.";
  if (issue.code === "too_big") return `At most ${issue.maximum} characters.`;
  if (issue.code === "invalid_value") return "Choose one.";
  return issue.message;
}
