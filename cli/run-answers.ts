import { z } from "zod";
import { ATTEMPT_STATES, RUN_STATES, STEP_STATES } from "@/domain/pipelines/status";

/** What the command reads of the server's answers about runs; fields that it does not show are not asked for. */
export const startedRun = z.object({ runId: z.uuid(), number: z.number().int() });

const instant = z.string().nullable();
const attempt = z.object({
  id: z.uuid(),
  number: z.number().int(),
  state: z.enum(ATTEMPT_STATES),
  reason: z.string().nullable(),
});
const step = z.object({
  key: z.string(),
  state: z.enum(STEP_STATES),
  reason: z.string().nullable(),
  summary: z.string().nullable(),
  startedAt: instant,
  finishedAt: instant,
  attempts: z.array(attempt),
});
export const runView = z.object({
  id: z.uuid(),
  number: z.number().int(),
  pipeline: z.string(),
  version: z.number().int(),
  state: z.enum(RUN_STATES),
  reason: z.string().nullable(),
  startedAt: instant,
  finishedAt: instant,
  steps: z.array(step),
});
export type RunView = z.infer<typeof runView>;
export type StepView = RunView["steps"][number];

export const runList = z.object({
  runs: z.array(
    z.object({
      number: z.number().int(),
      pipeline: z.string(),
      version: z.number().int(),
      state: z.enum(RUN_STATES),
      startedBy: z.string().nullable(),
      startedAt: instant,
      finishedAt: instant,
    }),
  ),
});

export const logPage = z.object({
  text: z.string(),
  cursor: z.string(),
  hasMore: z.boolean(),
  isOver: z.boolean(),
  isCut: z.boolean(),
});

export const pipelineView = z.object({
  current: z.object({
    plan: z.object({
      parameters: z.array(
        z.object({ name: z.string(), type: z.enum(["string", "integer", "number", "boolean", "date"]) }),
      ),
    }),
  }),
});
