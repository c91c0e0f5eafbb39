import { sql } from "drizzle-orm";
import {
  bigint,
  bigserial,
  boolean,
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
import { EXPERIMENT_RUN_STATUSES, LOGGED_MODEL_STATUSES } from "../../domain/experiments/status";
import type { LoggedModelMetric } from "../../domain/experiments/types";
import { createdAt, id } from "./columns";
import { users } from "./identity";
import { projects } from "./projects";

/** Times in this file are milliseconds since the epoch, as the MLflow protocol has them. */
const epochMs = (name: string) => bigint(name, { mode: "number" });

export const experiments = pgTable(
  "experiments",
  {
    id: id(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    /** The decimal id that the MLflow client sees; the project's default answers to "0" as well. */
    number: bigserial("number", { mode: "number" }).notNull().unique("experiments_number_key"),
    name: text("name").notNull(),
    isDefault: boolean("is_default").notNull().default(false),
    lifecycle: text("lifecycle", { enum: ["active", "deleted"] })
      .notNull()
      .default("active"),
    tags: jsonb("tags").$type<Record<string, string>>().notNull().default({}),
    createdMs: epochMs("created_ms").notNull(),
    updatedMs: epochMs("updated_ms").notNull(),
  },
  (t) => [
    unique("experiments_name_key").on(t.projectId, t.name),
    uniqueIndex("experiments_default_key").on(t.projectId).where(sql`${t.isDefault}`),
  ],
);

/** The MLflow run id is this id without dashes. */
export const experimentRuns = pgTable(
  "experiment_runs",
  {
    id: id(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    experimentId: uuid("experiment_id")
      .notNull()
      .references(() => experiments.id),
    name: text("name").notNull(),
    status: text("status", { enum: EXPERIMENT_RUN_STATUSES }).notNull().default("RUNNING"),
    lifecycle: text("lifecycle", { enum: ["active", "deleted"] })
      .notNull()
      .default("active"),
    /** The user name that the client sent. */
    userName: text("user_name").notNull().default(""),
    /** The person or service whose token made it; null for a pipeline's step. */
    createdBy: uuid("created_by").references(() => users.id),
    pipelineRunId: uuid("pipeline_run_id"),
    stepAttemptId: uuid("step_attempt_id"),
    startMs: epochMs("start_ms").notNull(),
    endMs: epochMs("end_ms"),
    createdAt: createdAt(),
  },
  (t) => [
    index("experiment_runs_experiment_idx").on(t.experimentId, t.startMs.desc(), t.id),
    index("experiment_runs_project_idx").on(t.projectId, t.startMs.desc()),
    index("experiment_runs_pipeline_run_idx").on(t.pipelineRunId),
  ],
);

export const runParams = pgTable(
  "run_params",
  {
    runId: uuid("run_id")
      .notNull()
      .references(() => experimentRuns.id),
    key: text("key").notNull(),
    value: text("value").notNull(),
  },
  // Sorting a table by a parameter reads one key of all runs. Values are too long for an index.
  (t) => [primaryKey({ columns: [t.runId, t.key] }), index("run_params_key_idx").on(t.key, t.runId)],
);

export const runTags = pgTable(
  "run_tags",
  {
    runId: uuid("run_id")
      .notNull()
      .references(() => experimentRuns.id),
    key: text("key").notNull(),
    value: text("value").notNull(),
  },
  (t) => [primaryKey({ columns: [t.runId, t.key] })],
);

/** Append-only and narrow. A repeated point is ignored. NaN and infinities are kept as such. */
export const metrics = pgTable(
  "metrics",
  {
    runId: uuid("run_id")
      .notNull()
      .references(() => experimentRuns.id),
    key: text("key").notNull(),
    timestampMs: epochMs("timestamp_ms").notNull(),
    step: bigint("step", { mode: "number" }).notNull().default(0),
    value: doublePrecision("value").notNull(),
    modelId: text("model_id"),
  },
  (t) => [primaryKey({ columns: [t.runId, t.key, t.timestampMs, t.step, t.value] })],
);

/** The greatest (step, timestamp, value) of each key: what lists read. */
export const latestMetrics = pgTable(
  "latest_metrics",
  {
    runId: uuid("run_id")
      .notNull()
      .references(() => experimentRuns.id),
    key: text("key").notNull(),
    timestampMs: epochMs("timestamp_ms").notNull(),
    step: bigint("step", { mode: "number" }).notNull(),
    value: doublePrecision("value").notNull(),
  },
  (t) => [primaryKey({ columns: [t.runId, t.key] }), index("latest_metrics_value_idx").on(t.key, t.value)],
);

export const runInputs = pgTable(
  "run_inputs",
  {
    runId: uuid("run_id")
      .notNull()
      .references(() => experimentRuns.id),
    name: text("name").notNull(),
    digest: text("digest").notNull(),
    sourceType: text("source_type").notNull(),
    source: text("source").notNull(),
    schema: text("schema"),
    profile: text("profile"),
    context: text("context"),
    tags: jsonb("tags").$type<Record<string, string>>().notNull().default({}),
  },
  (t) => [primaryKey({ columns: [t.runId, t.name, t.digest] })],
);

export const loggedModels = pgTable(
  "logged_models",
  {
    /** `m-` and 32 hexadecimal digits, as the MLflow client expects. */
    id: text("id").primaryKey(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    experimentId: uuid("experiment_id")
      .notNull()
      .references(() => experiments.id),
    sourceRunId: uuid("source_run_id").references(() => experimentRuns.id),
    name: text("name").notNull(),
    modelType: text("model_type"),
    status: text("status", { enum: LOGGED_MODEL_STATUSES }).notNull().default("LOGGED_MODEL_PENDING"),
    tags: jsonb("tags").$type<Record<string, string>>().notNull().default({}),
    params: jsonb("params").$type<Record<string, string>>().notNull().default({}),
    /** The latest point of each metric that was logged for this model; values as the protocol writes them ("NaN"). */
    metrics: jsonb("metrics").$type<Record<string, LoggedModelMetric>>().notNull().default({}),
    createdMs: epochMs("created_ms").notNull(),
    updatedMs: epochMs("updated_ms").notNull(),
    step: integer("step").notNull().default(0),
    deletedMs: epochMs("deleted_ms"),
  },
  (t) => [
    index("logged_models_experiment_idx").on(t.experimentId),
    index("logged_models_run_idx").on(t.sourceRunId),
    index("logged_models_project_idx").on(t.projectId),
  ],
);

/** Files of experiment runs and logged models. `root` is the run's id or the logged model's id. */
export const artifactFiles = pgTable(
  "artifact_files",
  {
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    root: text("root").notNull(),
    path: text("path").notNull(),
    sha256: text("sha256").notNull(),
    bytes: bigint("bytes", { mode: "number" }).notNull(),
    mediaType: text("media_type").notNull(),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.root, t.path] }), index("artifact_files_project_idx").on(t.projectId)],
);
