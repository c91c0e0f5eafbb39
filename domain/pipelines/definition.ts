import { z } from "zod";
import { PIPELINE_KINDS } from "./status";
import { ARTIFACT_TYPES, BUILT_INS } from "./types";

export const LARGEST_STEP_COUNT = 300;
export const LARGEST_ATTEMPT_COUNT = 10;
export const LONGEST_TIMEOUT_MS = 24 * 3_600_000;

const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;

/** "500ms", "5s", "10m", "2h" as milliseconds; null where the text has another form. */
export function durationMs(text: string): number | null {
  const match = /^(\d{1,6})(ms|s|m|h)$/.exec(text);
  if (!match?.[1] || !match[2]) return null;
  return Number(match[1]) * UNIT_MS[match[2] as keyof typeof UNIT_MS];
}

const duration = (largestMs: number) =>
  z.string("Write a duration such as 30s, 10m or 2h.").transform((text, ctx) => {
    const ms = durationMs(text);
    if (ms === null || ms > largestMs) {
      ctx.addIssue({
        code: "custom",
        message: `Write a duration such as 30s, 10m or 2h, of at most ${largestMs / 3_600_000}h.`,
      });
      return z.NEVER;
    }
    return ms;
  });

const pipelineName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "A pipeline's name has small letters, digits and dashes.");
const stepKey = z
  .string()
  .regex(
    /^[a-z][a-z0-9_-]{0,62}$/,
    "A step's name starts with a small letter and has letters, digits, dashes and underscores.",
  );
/** Becomes a variable of the environment, so no dash. */
const portName = z
  .string()
  .regex(
    /^[a-z][a-z0-9_]{0,62}$/,
    "A name of an input, output or parameter has small letters, digits and underscores.",
  );

const scalar = z.union([z.string(), z.number(), z.boolean()], "Write a text, a number, true or false.");

const parameter = z.strictObject({
  type: z.enum(["string", "integer", "number", "boolean", "date"]),
  default: scalar.optional(),
  description: z.string().default(""),
});

const input = z.union(
  [z.string().regex(/^[a-z][a-z0-9_-]*\.[a-z][a-z0-9_]*$/), z.strictObject({ dataset: z.string().min(1) })],
  "Write step.output, or { dataset: name@version }.",
);

const retries = z.strictObject({
  attempts: z.number().int().min(1).max(LARGEST_ATTEMPT_COUNT),
  delay: duration(3_600_000).default(1_000),
});

const commandText = "Write the command as a list such as [python, train.py], or use shell: for a line of shell.";

const step = z.strictObject({
  run: z
    .array(z.union([z.string(), z.number()]).transform(String), commandText)
    .min(1, commandText)
    .optional(),
  shell: z.string().min(1).optional(),
  sql: z.string().min(1).optional(),
  uses: z.enum(BUILT_INS, `Write one of ${BUILT_INS.join(", ")}.`).optional(),
  with: z.record(z.string(), scalar).optional(),
  requirements: z.string().min(1).optional(),
  needs: z.array(stepKey).default([]),
  inputs: z.record(portName, input).default({}),
  outputs: z.record(portName, z.enum(ARTIFACT_TYPES, `Write one of ${ARTIFACT_TYPES.join(", ")}.`)).default({}),
  retries: retries.optional(),
  timeout: duration(LONGEST_TIMEOUT_MS).default(3_600_000),
  experiment: z.string().min(1).max(200).optional(),
});

/** The form of a definition. What one part says of another (references, cycles, types of ports) is the compiler's business. */
export const definition = z.strictObject({
  name: pipelineName,
  kind: z.enum(PIPELINE_KINDS),
  description: z.string().default(""),
  parameters: z.record(portName, parameter).default({}),
  steps: z.record(stepKey, step).refine((steps) => Object.keys(steps).length > 0, "A pipeline has at least one step."),
});

export type Definition = z.output<typeof definition>;
export type DefinitionStep = Definition["steps"][string];
