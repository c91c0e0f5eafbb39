import { sql } from "drizzle-orm";
import { check, index, integer, jsonb, pgTable, text, unique, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { EVENT_KINDS, HELD_BACK_REASONS, ITEM_STATES, TRIGGER_DECISIONS } from "../../domain/feedback/status";
import {
  FEEDBACK_KINDS,
  type FeedbackOrigin,
  RESOLUTION_KINDS,
  type RetrainingRules,
} from "../../domain/feedback/types";
import { ROLES } from "../../domain/identity/roles";
import type { ParameterValues } from "../../domain/pipelines/types";
import { createdAt, id, instant } from "./columns";
import { users } from "./identity";
import { alerts } from "./monitoring";
import { pipelineRuns, pipelines } from "./pipelines";
import { projects } from "./projects";
import { registeredModels } from "./registry";

/** A finding or a wish on its way from one role to another: who sent it, who answers, what came of it. */
export const feedbackItems = pgTable(
  "feedback_items",
  {
    id: id(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    number: integer("number").notNull(),
    kind: text("kind", { enum: FEEDBACK_KINDS }).notNull(),
    state: text("state", { enum: ITEM_STATES }).notNull().default("open"),
    title: text("title").notNull(),
    body: text("body").notNull().default(""),
    receivers: text("receivers", { enum: ROLES }).array().notNull(),
    origin: jsonb("origin").$type<FeedbackOrigin>().notNull(),
    /** Set where an alert opened it. */
    alertId: uuid("alert_id").references(() => alerts.id),
    /** Null where the product opened it. */
    createdBy: uuid("created_by").references(() => users.id),
    createdAt: createdAt(),
    dueAt: instant("due_at").notNull(),
    answeredBy: uuid("answered_by").references(() => users.id),
    answeredAt: instant("answered_at"),
    declineReason: text("decline_reason"),
    doneBy: uuid("done_by").references(() => users.id),
    doneAt: instant("done_at"),
    resolutionKind: text("resolution_kind", { enum: RESOLUTION_KINDS }),
    resolutionId: uuid("resolution_id"),
  },
  (t) => [
    unique("feedback_items_number_key").on(t.projectId, t.number),
    uniqueIndex("feedback_items_alert_key").on(t.alertId, t.kind).where(sql`${t.alertId} is not null`),
    index("feedback_items_open_idx").on(t.projectId, t.dueAt).where(sql`${t.state} in ('open', 'accepted')`),
    check("feedback_items_answered", sql`(${t.state} = 'open') = (${t.answeredBy} is null)`),
    check("feedback_items_declined", sql`(${t.state} = 'declined') = (${t.declineReason} is not null)`),
    check(
      "feedback_items_done",
      sql`(${t.state} = 'done') = (${t.resolutionId} is not null and ${t.doneBy} is not null)`,
    ),
    check("feedback_items_resolution", sql`(${t.resolutionKind} is null) = (${t.resolutionId} is null)`),
  ],
);

/** The timeline of an item, appended only. Null as `byUserId`: the product itself. */
export const feedbackEvents = pgTable(
  "feedback_events",
  {
    id: id(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    itemId: uuid("item_id")
      .notNull()
      .references(() => feedbackItems.id),
    kind: text("kind", { enum: EVENT_KINDS }).notNull(),
    byUserId: uuid("by_user_id").references(() => users.id),
    text: text("text").notNull().default(""),
    at: instant("at").notNull(),
  },
  (t) => [index("feedback_events_item_idx").on(t.itemId, t.at), index("feedback_events_project_idx").on(t.projectId)],
);

/** A saved version is never edited; the newest of a model is in force. Saving it as its owner is the signature. */
export const retrainingPolicies = pgTable(
  "retraining_policies",
  {
    id: id(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    modelId: uuid("model_id")
      .notNull()
      .references(() => registeredModels.id),
    version: integer("version").notNull(),
    pipelineId: uuid("pipeline_id")
      .notNull()
      .references(() => pipelines.id),
    rules: jsonb("rules").$type<RetrainingRules>().notNull(),
    digest: text("digest").notNull(),
    createdBy: uuid("created_by")
      .notNull()
      .references(() => users.id),
    createdAt: createdAt(),
  },
  (t) => [
    unique("retraining_policies_version_key").on(t.modelId, t.version),
    index("retraining_policies_project_idx").on(t.projectId),
  ],
);

/** What a finding did under the policy: it started a run, or was held back, and why. One for each alert. */
export const retrainingTriggers = pgTable(
  "retraining_triggers",
  {
    id: id(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    alertId: uuid("alert_id")
      .notNull()
      .references(() => alerts.id),
    itemId: uuid("item_id")
      .notNull()
      .references(() => feedbackItems.id),
    modelId: uuid("model_id")
      .notNull()
      .references(() => registeredModels.id),
    /** The version that decided; null where the model had none. */
    policyId: uuid("policy_id").references(() => retrainingPolicies.id),
    decision: text("decision", { enum: TRIGGER_DECISIONS }).notNull(),
    heldBackReason: text("held_back_reason", { enum: HELD_BACK_REASONS }),
    /** The reason as a sentence, also where it started. */
    reason: text("reason").notNull(),
    parameters: jsonb("parameters").$type<ParameterValues>(),
    runId: uuid("run_id").references(() => pipelineRuns.id),
    /** Who started it by hand; null where the policy did, or nothing started. */
    startedBy: uuid("started_by").references(() => users.id),
    createdAt: createdAt(),
    startedAt: instant("started_at"),
  },
  (t) => [
    unique("retraining_triggers_alert_key").on(t.alertId),
    unique("retraining_triggers_run_key").on(t.runId),
    index("retraining_triggers_item_idx").on(t.itemId),
    index("retraining_triggers_model_idx").on(t.modelId, t.startedAt),
    index("retraining_triggers_project_idx").on(t.projectId),
    check(
      "retraining_triggers_started",
      sql`(${t.decision} = 'started') = (${t.runId} is not null and ${t.startedAt} is not null)`,
    ),
    check("retraining_triggers_held_back", sql`(${t.decision} = 'held_back') = (${t.heldBackReason} is not null)`),
  ],
);
