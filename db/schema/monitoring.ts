import { sql } from "drizzle-orm";
import {
  check,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import {
  ALERT_EVENTS,
  ALERT_STATES,
  CHECK_KINDS,
  CHECK_VERDICTS,
  FAILURE_KINDS,
  MONITOR_STATES,
  THRESHOLD_STATES,
} from "../../domain/monitoring/status";
import type { CheckDetails, LabelValue, Limits } from "../../domain/monitoring/types";
import { ENVIRONMENT_NAMES } from "../../domain/promotions/status";
import { approvals } from "./approvals";
import { createdAt, id, instant } from "./columns";
import { users } from "./identity";
import { projects } from "./projects";
import { modelVersions, registeredModels } from "./registry";

/**
 * The truth about answers, by request and row. No foreign key to the prediction log: a label may come before its
 * prediction was shipped. `value` is what counts now; the first value stays beside it.
 */
export const labels = pgTable(
  "labels",
  {
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    requestId: uuid("request_id").notNull(),
    row: integer("row").notNull(),
    value: jsonb("value").$type<LabelValue>().notNull(),
    /** When the truth became known, of the value that counts. */
    eventTime: instant("event_time").notNull(),
    firstValue: jsonb("first_value").$type<LabelValue>().notNull(),
    firstEventTime: instant("first_event_time").notNull(),
    receivedAt: instant("received_at").notNull(),
    /** Arrival of the last change of the value that counts. */
    changedAt: instant("changed_at").notNull(),
    corrections: integer("corrections").notNull().default(0),
  },
  (t) => [
    primaryKey({ columns: [t.projectId, t.requestId, t.row] }),
    index("labels_event_time_idx").on(t.projectId, t.eventTime),
    index("labels_changed_idx").on(t.projectId, t.changedAt),
  ],
);

/** Every value after the first, in the order of arrival. */
export const labelCorrections = pgTable(
  "label_corrections",
  {
    id: id(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    requestId: uuid("request_id").notNull(),
    row: integer("row").notNull(),
    value: jsonb("value").$type<LabelValue>().notNull(),
    eventTime: instant("event_time").notNull(),
    receivedAt: instant("received_at").notNull(),
    sentBy: uuid("sent_by").references(() => users.id),
  },
  (t) => [index("label_corrections_label_idx").on(t.projectId, t.requestId, t.row)],
);

/** Requests that reached a deployment and got no answer. Like the prediction log: batches from the gateway's spool. */
export const predictionFailures = pgTable(
  "prediction_failures",
  {
    requestId: uuid("request_id").primaryKey(),
    projectId: uuid("project_id").notNull(),
    modelId: uuid("model_id").notNull(),
    modelVersionId: uuid("model_version_id").notNull(),
    deploymentId: uuid("deployment_id").notNull(),
    environment: text("environment", { enum: ENVIRONMENT_NAMES }).notNull(),
    eventTime: instant("event_time").notNull(),
    receivedAt: instant("received_at").notNull(),
    kind: text("kind", { enum: FAILURE_KINDS }).notNull(),
    reason: text("reason").notNull(),
  },
  (t) => [
    index("prediction_failures_model_time_idx").on(t.modelId, t.environment, t.eventTime),
    index("prediction_failures_project_idx").on(t.projectId, t.receivedAt),
  ],
);

export const monitors = pgTable(
  "monitors",
  {
    id: id(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    number: integer("number").notNull(),
    modelId: uuid("model_id")
      .notNull()
      .references(() => registeredModels.id),
    environment: text("environment", { enum: ENVIRONMENT_NAMES }).notNull(),
    /** What is judged and how much must be known for it: fixed, since a change of either would move the threshold. */
    metric: text("metric").notNull(),
    labelDelayDays: integer("label_delay_days").notNull(),
    minimumCoverage: doublePrecision("minimum_coverage").notNull(),
    intervalSeconds: integer("interval_seconds").notNull(),
    ownerId: uuid("owner_id")
      .notNull()
      .references(() => users.id),
    state: text("state", { enum: MONITOR_STATES }).notNull().default("active"),
    /** Real time at which the last finished check began, with the as-of that it took and what it found, as a sentence. */
    lastCheckedAt: instant("last_checked_at"),
    lastAsOf: instant("last_as_of"),
    lastOutcome: text("last_outcome"),
    createdBy: uuid("created_by")
      .notNull()
      .references(() => users.id),
    createdAt: createdAt(),
    updatedAt: instant("updated_at").notNull(),
  },
  (t) => [
    unique("monitors_number_key").on(t.projectId, t.number),
    uniqueIndex("monitors_subject_key").on(t.modelId, t.environment, t.metric).where(sql`${t.state} <> 'deleted'`),
    check("monitors_interval_positive", sql`${t.intervalSeconds} >= 1`),
    check("monitors_coverage_is_share", sql`${t.minimumCoverage} > 0 and ${t.minimumCoverage} <= 1`),
  ],
);

/** Never edited but for its state. One is active, one may be proposed. */
export const thresholdVersions = pgTable(
  "threshold_versions",
  {
    id: id(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    monitorId: uuid("monitor_id")
      .notNull()
      .references(() => monitors.id),
    version: integer("version").notNull(),
    limits: jsonb("limits").$type<Limits>().notNull(),
    /** SHA-256 of the RFC 8785 text of the limits with what they judge: the digest that is signed. */
    digest: text("digest").notNull(),
    state: text("state", { enum: THRESHOLD_STATES }).notNull().default("proposed"),
    approvalId: uuid("approval_id")
      .notNull()
      .references(() => approvals.id),
    reason: text("reason").notNull().default(""),
    proposedBy: uuid("proposed_by")
      .notNull()
      .references(() => users.id),
    createdAt: createdAt(),
    activatedAt: instant("activated_at"),
    endedAt: instant("ended_at"),
  },
  (t) => [
    unique("threshold_versions_version_key").on(t.monitorId, t.version),
    uniqueIndex("threshold_versions_active_key").on(t.monitorId).where(sql`${t.state} = 'active'`),
    uniqueIndex("threshold_versions_proposed_key").on(t.monitorId).where(sql`${t.state} = 'proposed'`),
    index("threshold_versions_project_idx").on(t.projectId),
  ],
);

/** One judgement of one closed window: made once. What later labels say stands beside it. */
export const monitorChecks = pgTable(
  "monitor_checks",
  {
    id: id(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    monitorId: uuid("monitor_id")
      .notNull()
      .references(() => monitors.id),
    thresholdVersionId: uuid("threshold_version_id")
      .notNull()
      .references(() => thresholdVersions.id),
    kind: text("kind", { enum: CHECK_KINDS }).notNull(),
    windowStart: instant("window_start").notNull(),
    windowEnd: instant("window_end").notNull(),
    /** Event time up to which everything was known. */
    asOf: instant("as_of").notNull(),
    /** The version that gave most of the window's answers. */
    modelVersionId: uuid("model_version_id")
      .notNull()
      .references(() => modelVersions.id),
    rows: integer("rows").notNull(),
    labelled: integer("labelled"),
    coverage: doublePrecision("coverage"),
    /** The metric, or the greatest PSI of an input; null where nothing could be computed. */
    value: doublePrecision("value"),
    lower: doublePrecision("lower"),
    upper: doublePrecision("upper"),
    limit: doublePrecision("limit").notNull(),
    verdict: text("verdict", { enum: CHECK_VERDICTS }).notNull(),
    details: jsonb("details").$type<CheckDetails>().notNull(),
    checkedAt: instant("checked_at").notNull(),
    correctedValue: doublePrecision("corrected_value"),
    correctedLabelled: integer("corrected_labelled"),
    correctedAt: instant("corrected_at"),
  },
  (t) => [
    unique("monitor_checks_once").on(t.monitorId, t.kind, t.windowStart),
    index("monitor_checks_project_idx").on(t.projectId, t.checkedAt),
    index("monitor_checks_version_idx").on(t.modelVersionId),
    check("monitor_checks_window_order", sql`${t.windowStart} < ${t.windowEnd}`),
  ],
);

export const alerts = pgTable(
  "alerts",
  {
    id: id(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    number: integer("number").notNull(),
    monitorId: uuid("monitor_id")
      .notNull()
      .references(() => monitors.id),
    /** The judgement that opened it. */
    checkId: uuid("check_id")
      .notNull()
      .references(() => monitorChecks.id),
    modelId: uuid("model_id")
      .notNull()
      .references(() => registeredModels.id),
    environment: text("environment", { enum: ENVIRONMENT_NAMES }).notNull(),
    modelVersionId: uuid("model_version_id")
      .notNull()
      .references(() => modelVersions.id),
    metric: text("metric").notNull(),
    windowStart: instant("window_start").notNull(),
    windowEnd: instant("window_end").notNull(),
    value: doublePrecision("value").notNull(),
    lower: doublePrecision("lower"),
    upper: doublePrecision("upper"),
    limit: doublePrecision("limit").notNull(),
    rows: integer("rows").notNull(),
    coverage: doublePrecision("coverage").notNull(),
    state: text("state", { enum: ALERT_STATES }).notNull().default("pending"),
    ownerId: uuid("owner_id")
      .notNull()
      .references(() => users.id),
    createdAt: createdAt(),
    firedAt: instant("fired_at"),
    acknowledgedAt: instant("acknowledged_at"),
    acknowledgedBy: uuid("acknowledged_by").references(() => users.id),
    resolvedAt: instant("resolved_at"),
    /** The later judgement that resolved it. */
    resolvedByCheckId: uuid("resolved_by_check_id").references(() => monitorChecks.id),
  },
  (t) => [
    unique("alerts_number_key").on(t.projectId, t.number),
    uniqueIndex("alerts_open_key").on(t.monitorId, t.metric).where(sql`${t.state} in ('pending', 'firing')`),
    index("alerts_model_idx").on(t.modelId, t.environment),
    index("alerts_version_idx").on(t.modelVersionId),
    check("alerts_resolved_at_matches_state", sql`(${t.state} = 'resolved') = (${t.resolvedAt} is not null)`),
  ],
);

/** The alert's timeline; rows are only added. */
export const alertEvents = pgTable(
  "alert_events",
  {
    id: id(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    alertId: uuid("alert_id")
      .notNull()
      .references(() => alerts.id),
    kind: text("kind", { enum: ALERT_EVENTS }).notNull(),
    /** What happened, as a sentence. */
    text: text("text").notNull(),
    /** Null: the product itself. */
    actorId: uuid("actor_id").references(() => users.id),
    checkId: uuid("check_id").references(() => monitorChecks.id),
    at: instant("at").notNull(),
  },
  (t) => [index("alert_events_alert_idx").on(t.alertId, t.id), index("alert_events_project_idx").on(t.projectId)],
);
