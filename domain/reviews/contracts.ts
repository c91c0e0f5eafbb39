import { z } from "zod";
import { PROCESS_ROLES } from "../identity/roles";
import { ANCHOR_KINDS, REVIEW_DECISIONS, REVIEW_STATES } from "./status";

const digest = z.string().regex(/^[0-9a-f]{64}$/, "A digest is 64 hexadecimal digits.");
const body = z.string().trim().min(1, "Write something.").max(8_000);
const reason = z.string().trim().min(1, "Say why.").max(4_000);
const reviewId = z.uuid();

export const openReviewInput = z.object({
  subject: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("model_version"), modelVersionId: z.uuid() }),
    z.object({ kind: z.literal("experiment_run"), experimentRunId: z.uuid() }),
  ]),
  /** Left out: made of what is compared. */
  title: z.string().trim().max(200).default(""),
  description: z.string().trim().max(8_000).default(""),
});
export type OpenReview = z.infer<typeof openReviewInput>;

/** The digest is what the person was shown; if it is not the current one, no verdict is recorded. */
export const recordVerdictInput = z.object({
  reviewId,
  asRole: z.enum(PROCESS_ROLES),
  decision: z.enum(REVIEW_DECISIONS),
  comment: z.string().trim().max(4_000).default(""),
  evidenceDigest: digest,
});
export type RecordVerdict = z.infer<typeof recordVerdictInput>;

export const openThreadInput = z.object({
  reviewId,
  anchor: z.object({
    kind: z.enum(ANCHOR_KINDS),
    /** Key of the metric, id of the slice, path of the artefact; empty for the run and the whole. */
    key: z.string().max(1_000).default(""),
  }),
  /** What the person was shown when they quoted it. */
  evidenceDigest: digest,
  body,
});
export type OpenThread = z.infer<typeof openThreadInput>;

export const replyInput = z.object({ threadId: z.uuid(), body });
export type Reply = z.infer<typeof replyInput>;

/** A reason is needed from who did not open the thread. */
export const resolveThreadInput = z.object({ threadId: z.uuid(), reason: z.string().trim().max(4_000).default("") });
export type ResolveThread = z.infer<typeof resolveThreadInput>;

export const reopenThreadInput = z.object({ threadId: z.uuid() });

export const closeReviewInput = z.object({
  reviewId,
  state: z.enum(["closed", "withdrawn"]),
  reason,
});
export type CloseReview = z.infer<typeof closeReviewInput>;

export const createSliceInput = z.object({
  name: z.string().trim().min(1, "Name the slice.").max(80),
  /** A condition over the columns of the evaluation dataset, such as `wind > 5`. */
  expression: z.string().trim().min(1, "Write a condition.").max(1_000),
});
export type CreateSlice = z.infer<typeof createSliceInput>;

export const retireSliceInput = z.object({ sliceId: z.uuid() });

export const reviewsFilter = z.object({
  state: z.array(z.enum(REVIEW_STATES)).max(3).optional(),
  cursor: z.uuid().nullish(),
});
export type ReviewsFilter = z.infer<typeof reviewsFilter>;
