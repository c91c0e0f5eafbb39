import { sql } from "drizzle-orm";
import { check, index, integer, jsonb, pgTable, text, unique, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { ROLES } from "../../domain/identity/roles";
import { ANCHOR_KINDS, REVIEW_DECISIONS, REVIEW_STATES } from "../../domain/reviews/status";
import type { Quote } from "../../domain/reviews/types";
import { createdAt, id, instant } from "./columns";
import { experimentRuns } from "./experiments";
import { users } from "./identity";
import { projects } from "./projects";
import { modelVersions } from "./registry";

/** A named condition over the evaluation dataset. Never edited: a changed one is another slice. */
export const slices = pgTable(
  "slices",
  {
    id: id(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    name: text("name").notNull(),
    expression: text("expression").notNull(),
    createdBy: uuid("created_by")
      .notNull()
      .references(() => users.id),
    createdAt: createdAt(),
    retiredAt: instant("retired_at"),
    retiredBy: uuid("retired_by").references(() => users.id),
  },
  (t) => [
    uniqueIndex("slices_name_key").on(t.projectId, t.name).where(sql`${t.retiredAt} is null`),
    index("slices_project_idx").on(t.projectId),
    check("slices_retired_by_somebody", sql`(${t.retiredAt} is null) = (${t.retiredBy} is null)`),
  ],
);

/**
 * A review of an experiment run or of a model version. `requestedRevision` counts what changed in its evidence,
 * `computedRevision` how much of that the current evidence has seen: behind, it is being computed.
 */
export const reviews = pgTable(
  "reviews",
  {
    id: id(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    number: integer("number").notNull(),
    title: text("title").notNull(),
    description: text("description").notNull().default(""),
    experimentRunId: uuid("experiment_run_id").references(() => experimentRuns.id),
    modelVersionId: uuid("model_version_id").references(() => modelVersions.id),
    /** The version in production that it is compared with; null where there was none. */
    baseVersionId: uuid("base_version_id").references(() => modelVersions.id),
    state: text("state", { enum: REVIEW_STATES }).notNull().default("open"),
    evidenceDigest: text("evidence_digest"),
    requestedRevision: integer("requested_revision").notNull().default(1),
    computedRevision: integer("computed_revision").notNull().default(0),
    openedBy: uuid("opened_by")
      .notNull()
      .references(() => users.id),
    createdAt: createdAt(),
    closedAt: instant("closed_at"),
    closedBy: uuid("closed_by").references(() => users.id),
    closedReason: text("closed_reason"),
  },
  (t) => [
    unique("reviews_number_key").on(t.projectId, t.number),
    uniqueIndex("reviews_open_version_key").on(t.modelVersionId).where(sql`${t.state} = 'open'`),
    uniqueIndex("reviews_open_run_key").on(t.experimentRunId).where(sql`${t.state} = 'open'`),
    index("reviews_project_idx").on(t.projectId, t.state),
    index("reviews_base_idx").on(t.baseVersionId),
    check("reviews_one_subject", sql`num_nonnulls(${t.experimentRunId}, ${t.modelVersionId}) = 1`),
    check("reviews_closed_matches_state", sql`(${t.state} = 'open') = (${t.closedAt} is null)`),
    check("reviews_computed_of_requested", sql`${t.computedRevision} between 0 and ${t.requestedRevision}`),
  ],
);

/** Immutable. `text` is the RFC 8785 text of what was compared; `digest` its SHA-256. */
export const reviewEvidence = pgTable(
  "review_evidence",
  {
    id: id(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    reviewId: uuid("review_id")
      .notNull()
      .references(() => reviews.id),
    text: text("text").notNull(),
    digest: text("digest").notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    unique("review_evidence_digest_key").on(t.reviewId, t.digest),
    index("review_evidence_project_idx").on(t.projectId),
  ],
);

/** A verdict is kept for good; a later one of the same person in the same role takes its place. */
export const reviewVerdicts = pgTable(
  "review_verdicts",
  {
    id: id(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    reviewId: uuid("review_id")
      .notNull()
      .references(() => reviews.id),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id),
    asRole: text("as_role", { enum: ROLES }).notNull(),
    decision: text("decision", { enum: REVIEW_DECISIONS }).notNull(),
    comment: text("comment").notNull().default(""),
    evidenceDigest: text("evidence_digest").notNull(),
    createdAt: createdAt(),
    replacedAt: instant("replaced_at"),
  },
  (t) => [
    uniqueIndex("review_verdicts_standing_key").on(t.reviewId, t.userId, t.asRole).where(sql`${t.replacedAt} is null`),
    index("review_verdicts_review_idx").on(t.reviewId),
    index("review_verdicts_project_idx").on(t.projectId),
    check("review_verdicts_changes_have_reason", sql`${t.decision} = 'approved' or ${t.comment} <> ''`),
  ],
);

export const reviewThreads = pgTable(
  "review_threads",
  {
    id: id(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    reviewId: uuid("review_id")
      .notNull()
      .references(() => reviews.id),
    anchorKind: text("anchor_kind", { enum: ANCHOR_KINDS }).notNull(),
    /** Key of the metric, id of the slice, path of the artefact; empty for the run and the whole. */
    anchorKey: text("anchor_key").notNull().default(""),
    anchorLabel: text("anchor_label").notNull().default(""),
    /** The anchored value as the evidence had it when the thread was opened; null for the whole. */
    quote: jsonb("quote").$type<Quote>(),
    evidenceDigest: text("evidence_digest").notNull(),
    openedBy: uuid("opened_by")
      .notNull()
      .references(() => users.id),
    createdAt: createdAt(),
    resolvedAt: instant("resolved_at"),
    resolvedBy: uuid("resolved_by").references(() => users.id),
    resolvedReason: text("resolved_reason"),
  },
  (t) => [
    index("review_threads_review_idx").on(t.reviewId),
    index("review_threads_project_idx").on(t.projectId),
    check("review_threads_resolved_by_somebody", sql`(${t.resolvedAt} is null) = (${t.resolvedBy} is null)`),
    check("review_threads_quote_of_anchor", sql`(${t.anchorKind} = 'whole') = (${t.quote} is null)`),
  ],
);

/** The first comment of a thread is what opened it. */
export const reviewComments = pgTable(
  "review_comments",
  {
    id: id(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    threadId: uuid("thread_id")
      .notNull()
      .references(() => reviewThreads.id),
    authorId: uuid("author_id")
      .notNull()
      .references(() => users.id),
    body: text("body").notNull(),
    /** Members whom the text mentions. */
    mentions: uuid("mentions").array().notNull().default([]),
    createdAt: createdAt(),
  },
  (t) => [index("review_comments_thread_idx").on(t.threadId), index("review_comments_project_idx").on(t.projectId)],
);
