import { z } from "zod";
import { ITEM_STATES, RETRAINING_MODES } from "./status";
import { FEEDBACK_KINDS, RESOLUTION_KINDS } from "./types";

/** Where a person says that an item comes from; the server looks each id up in the project. */
export const itemOriginInput = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("dataset_column"),
    datasetVersionId: z.uuid(),
    column: z.string().min(1).max(200).nullable().default(null),
  }),
  z.object({ kind: z.literal("experiment_run"), runId: z.uuid() }),
  /** A judgement of what came in: drift, missing values, latency, failures. */
  z.object({ kind: z.literal("monitor_check"), checkId: z.uuid() }),
  z.object({ kind: z.literal("free") }),
]);
export type ItemOriginInput = z.output<typeof itemOriginInput>;

/** What people open by hand: a data request, an idea for a rule, or what a check warned of. The others come from the system. */
export const BY_HAND = ["F1", "F2", "F4"] as const;

export const createItemInput = z
  .object({
    kind: z.enum(BY_HAND),
    title: z.string().trim().min(3, "Say it in a few words.").max(160),
    body: z.string().trim().max(4_000).default(""),
    dueInDays: z.number().int().min(1).max(90).default(5),
    origin: itemOriginInput.default({ kind: "free" }),
  })
  .refine(({ kind, origin }) => (kind === "F4") === (origin.kind === "monitor_check"), {
    path: ["origin"],
    message: "A data finding comes from a monitor's check, and only that does.",
  });
export type CreateItem = z.output<typeof createItemInput>;

export const answerItemInput = z.discriminatedUnion("answer", [
  z.object({ answer: z.literal("accept"), itemId: z.uuid(), comment: z.string().trim().max(2_000).default("") }),
  z.object({
    answer: z.literal("decline"),
    itemId: z.uuid(),
    reason: z.string().trim().min(3, "Say why, so that the sender can act on it.").max(2_000),
  }),
]);
export type AnswerItem = z.output<typeof answerItemInput>;

export const completeItemInput = z.object({
  itemId: z.uuid(),
  resolution: z.object({ kind: z.enum(RESOLUTION_KINDS), id: z.uuid() }),
  comment: z.string().trim().max(2_000).default(""),
});
export type CompleteItem = z.output<typeof completeItemInput>;

export const commentItemInput = z.object({ itemId: z.uuid(), text: z.string().trim().min(1).max(4_000) });
export type CommentItem = z.output<typeof commentItemInput>;

export const itemsFilter = z.object({
  state: z.array(z.enum(ITEM_STATES)).optional(),
  kind: z.array(z.enum(FEEDBACK_KINDS)).optional(),
  /** Only those that the person opened or may answer. */
  mine: z.boolean().default(false),
  cursor: z.number().int().positive().nullish(),
});
export type ItemsFilter = z.output<typeof itemsFilter>;

const parameterName = z
  .string()
  .regex(/^\w{1,63}$/, "Name a parameter of the pipeline.")
  .nullable();

export const saveRetrainingPolicyInput = z.object({
  modelId: z.uuid(),
  isOn: z.boolean().default(true),
  pipelineId: z.uuid(),
  windowDays: z.number().int().min(1).max(3_650).default(365),
  firstDayParameter: parameterName.default("first_day"),
  lastDayParameter: parameterName.default("last_day"),
  datasetVersionParameter: parameterName.default(null),
  mode: z.enum(RETRAINING_MODES).default("after_acceptance"),
  cooldownDays: z.number().int().min(0).max(365).default(7),
  budgetRuns: z.number().int().min(1).max(1_000).default(4),
  /** The version that the person was shown; 0 where there was none. Another one since is a conflict. */
  baseVersion: z.number().int().min(0),
});
export type SaveRetrainingPolicy = z.output<typeof saveRetrainingPolicyInput>;

export const startRetrainingInput = z.object({
  triggerId: z.uuid(),
  reason: z.string().trim().min(3, "Say why it should start although the policy held it back.").max(2_000),
});
export type StartRetraining = z.output<typeof startRetrainingInput>;
