import { z } from "zod";
import { EXPERIMENT_RUN_STATUSES } from "./status";

const key = z.string().min(1).max(250);
const runId = z.uuid();

export const experimentInput = z.object({ experiment: z.string().min(1).max(500) });

/** How far the table was read: the place of its last row in the order that was asked for. */
export const runsCursor = z.object({
  rank: z.number().int(),
  number: z.union([z.number(), z.enum(["NaN", "Infinity", "-Infinity"])]).nullable(),
  text: z.string(),
  startMs: z.number().int(),
  id: runId,
});
export type RunsCursor = z.infer<typeof runsCursor>;

export const runsTableInput = z.object({
  experimentId: z.uuid(),
  states: z.array(z.enum(EXPERIMENT_RUN_STATUSES)).max(EXPERIMENT_RUN_STATUSES.length).default([]),
  /** Ids of people and services. */
  people: z.array(z.uuid()).max(50).default([]),
  /** Part of the name, in any case. */
  name: z.string().max(200).default(""),
  /** Comparisons of the search language, joined by AND: `metrics.accuracy > 0.7`. */
  where: z.array(z.string().max(1_000)).max(20).default([]),
  /** One of the run's own columns, `params.<key>` or `metrics.<key>`. */
  sort: z.string().max(300).default("started"),
  isAscending: z.boolean().default(false),
  isDeletedShown: z.boolean().default(false),
  params: z.array(key).max(60).default([]),
  metrics: z.array(key).max(60).default([]),
  /** Metrics whose course is drawn. */
  sparklines: z.array(key).max(4).default([]),
  limit: z.number().int().min(1).max(200).default(50),
  cursor: runsCursor.nullish(),
});
export type RunsTableInput = z.infer<typeof runsTableInput>;

export const runInput = z.object({ runId });
export const historyInput = z.object({ runIds: z.array(runId).min(1).max(10), keys: z.array(key).min(1).max(12) });
export type HistoryInput = z.infer<typeof historyInput>;

/** `root` is the run's id or a logged model's. */
export const previewInput = z.object({ root: z.string().max(40), path: z.string().min(1).max(2_048) });
export type PreviewInput = z.infer<typeof previewInput>;

export const compareInput = z.object({ runIds: z.array(runId).min(2).max(10) });
export const locateInput = z.object({
  runId: z.string().max(40).optional(),
  experimentId: z.string().max(20).optional(),
});
export type LocateInput = z.infer<typeof locateInput>;
