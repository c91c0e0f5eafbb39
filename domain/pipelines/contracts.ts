import { z } from "zod";
import { RUN_STATES } from "./status";

const value = z.union([z.string().max(2_000), z.number(), z.boolean()]);
/** Values of a run's parameters; those left out take the definition's default. */
export const parameterValues = z.record(z.string().max(63), value);

export const startRunInput = z.object({
  pipelineId: z.uuid(),
  /** The newest version where it is left out. */
  version: z.number().int().positive().optional(),
  parameters: parameterValues.default({}),
});
export type StartRun = z.output<typeof startRunInput>;

export const rerunInput = z.object({
  runId: z.uuid(),
  /** Changes to the earlier run's parameters. */
  parameters: parameterValues.default({}),
});
export type Rerun = z.output<typeof rerunInput>;

export const runIdInput = z.object({ runId: z.uuid() });

export const listRunsInput = z.object({
  pipelineId: z.uuid().optional(),
  state: z.array(z.enum(RUN_STATES)).optional(),
  /** The number before which to go on: the last one of the page before. */
  cursor: z.number().int().positive().nullish(),
  limit: z.number().int().min(1).max(100).default(50),
});
export type ListRuns = z.output<typeof listRunsInput>;

export const logInput = z.object({
  attemptId: z.uuid(),
  /** What the last answer gave; left out, the end of the log so far. */
  cursor: z.string().max(60).optional(),
});

/** What `countersign pipeline push` says beside the archive. */
export const pushInput = z.object({
  /** Path of the definition in the archive. */
  definition: z.string().min(1).max(400).default("pipeline.yaml"),
  commit: z
    .string()
    .regex(/^[0-9a-f]{7,64}$/, "A commit is its hexadecimal name.")
    .optional(),
  dirty: z
    .enum(["true", "false"])
    .default("true")
    .transform((text) => text === "true"),
});
export type PushPipeline = z.output<typeof pushInput>;

/** The body of a start over HTTP. */
export const startOverHttp = z.object({
  version: z.number().int().positive().optional(),
  parameters: parameterValues.default({}),
});

export const artifactInput = z.object({
  attemptId: z.uuid(),
  side: z.enum(["inputs", "outputs"]),
  name: z.string().max(63),
});
