import type { z } from "zod";
import { AppError } from "@/domain/errors";

type Refusal = { readonly reason?: string; readonly sentence?: string };

/** The value as the schema reads it; `invalid_input` that names each fault otherwise. */
export function parseInput<T extends z.ZodType>(schema: T, value: unknown, refusal: Refusal = {}): z.output<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => ({ path: path.join("."), message }));
  const text = issues.map(({ path, message }) => `${path}: ${message}`).join("; ");
  const sentence = refusal.sentence ? `${refusal.sentence} ${text}` : text;
  throw new AppError("invalid_input", refusal.reason ?? "input", sentence, { issues });
}
