import { sql } from "drizzle-orm";
import {
  bigint,
  bigserial,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uuid,
} from "drizzle-orm/pg-core";
import { ATTEMPT_STATES, PIPELINE_KINDS, RUN_STATES, STEP_STATES } from "../../domain/pipelines/status";
import type { DatasetPins, ParameterValues, Plan, StepInputs, StepOutputs } from "../../domain/pipelines/types";
import { createdAt, id, instant } from "./columns";
import { users } from "./identity";
import { projects } from "./projects";

/** What `countersign pipeline push` sent: definition and scripts as one content-addressed archive. */
export const sourceBundles = pgTable(
  "source_bundles",
  {
    id: id(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    digest: text("digest").notNull(),
    bytes: bigint("bytes", { mode: "number" }).notNull(),
    files: jsonb("files").$type<readonly { path: string; sha256: string; bytes: number }[]>().notNull(),
    commit: text("commit"),
    isDirty: boolean("is_dirty").notNull(),
    pushedBy: uuid("pushed_by")
      .notNull()
      .references(() => users.id),
    createdAt: createdAt(),
  },
  (t) => [index("source_bundles_project_idx").on(t.projectId, t.digest)],
);

export const pipelines = pgTable(
  "pipelines",
  {
    id: id(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    name: text("name").notNull(),
    createdAt: createdAt(),
  },
  (t) => [unique("pipelines_name_key").on(t.projectId, t.name)],
);

export const pipelineVersions = pgTable(
  "pipeline_versions",
  {
    id: id(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    pipelineId: uuid("pipeline_id")
      .notNull()
      .references(() => pipelines.id),
    version: integer("version").notNull(),
    kind: text("kind", { enum: PIPELINE_KINDS }).notNull(),
    bundleId: uuid("bundle_id")
      .notNull()
      .references(() => sourceBundles.id),
    /** The YAML as it was pushed. */
    definition: text("definition").notNull(),
    plan: jsonb("plan").$type<Plan>().notNull(),
    planDigest: text("plan_digest").notNull(),
    createdBy: uuid("created_by")
      .notNull()
      .references(() => users.id),
    createdAt: createdAt(),
  },
  (t) => [
    unique("pipeline_versions_version_key").on(t.pipelineId, t.version),
    index("pipeline_versions_bundle_idx").on(t.bundleId),
    index("pipeline_versions_project_idx").on(t.projectId),
  ],
);

export const pipelineRuns = pgTable(
  "pipeline_runs",
  {
    id: id(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    number: integer("number").notNull(),
    pipelineId: uuid("pipeline_id")
      .notNull()
      .references(() => pipelines.id),
    pipelineVersionId: uuid("pipeline_version_id")
      .notNull()
      .references(() => pipelineVersions.id),
    state: text("state", { enum: RUN_STATES }).notNull().default("queued"),
    parameters: jsonb("parameters").$type<ParameterValues>().notNull(),
    /** The dataset versions that the definition names, fixed at the start: a retry reads the same rows. */
    datasets: jsonb("datasets").$type<DatasetPins>().notNull(),
    /** Null when a policy or a schedule started it: then `trigger` says which. */
    startedBy: uuid("started_by").references(() => users.id),
    trigger: text("trigger").notNull().default("person"),
    rerunOf: uuid("rerun_of"),
    reason: text("reason"),
    createdAt: createdAt(),
    startedAt: instant("started_at"),
    finishedAt: instant("finished_at"),
    cancelRequestedAt: instant("cancel_requested_at"),
    cancelRequestedBy: uuid("cancel_requested_by").references(() => users.id),
  },
  (t) => [
    unique("pipeline_runs_number_key").on(t.projectId, t.number),
    index("pipeline_runs_pipeline_idx").on(t.pipelineId, t.createdAt),
    index("pipeline_runs_version_idx").on(t.pipelineVersionId),
    index("pipeline_runs_open_idx").on(t.createdAt).where(sql`${t.state} in ('queued', 'running', 'cancelling')`),
  ],
);

export const pipelineRunSteps = pgTable(
  "pipeline_run_steps",
  {
    id: id(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    runId: uuid("run_id")
      .notNull()
      .references(() => pipelineRuns.id),
    key: text("key").notNull(),
    position: integer("position").notNull(),
    state: text("state", { enum: STEP_STATES }).notNull().default("pending"),
    attempts: integer("attempts").notNull().default(0),
    reason: text("reason"),
    queuedAt: instant("queued_at"),
    startedAt: instant("started_at"),
    finishedAt: instant("finished_at"),
    /** One short line for the graph, such as "1,461 rows". */
    summary: text("summary"),
    /** The last attempt's experiment run, where the step logs to one. */
    experimentRunId: uuid("experiment_run_id"),
  },
  (t) => [unique("pipeline_run_steps_key").on(t.runId, t.key), index("pipeline_run_steps_project_idx").on(t.projectId)],
);

export const stepAttempts = pgTable(
  "step_attempts",
  {
    id: id(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    runId: uuid("run_id")
      .notNull()
      .references(() => pipelineRuns.id),
    stepId: uuid("step_id")
      .notNull()
      .references(() => pipelineRunSteps.id),
    attempt: integer("attempt").notNull(),
    state: text("state", { enum: ATTEMPT_STATES }).notNull(),
    /** The process group on `host`, with the start time of its leader, so that a dead worker's group can be told from a new process. */
    processGroup: integer("process_group"),
    processStartedAt: text("process_started_at"),
    host: text("host").notNull(),
    exitCode: integer("exit_code"),
    reason: text("reason"),
    experimentRunId: uuid("experiment_run_id"),
    inputs: jsonb("inputs").$type<StepInputs>().notNull(),
    outputs: jsonb("outputs").$type<StepOutputs>(),
    environmentDigest: text("environment_digest"),
    logSha256: text("log_sha256"),
    logBytes: bigint("log_bytes", { mode: "number" }).notNull().default(0),
    isLogCut: boolean("is_log_cut").notNull().default(false),
    createdAt: createdAt(),
    startedAt: instant("started_at"),
    finishedAt: instant("finished_at"),
  },
  (t) => [
    unique("step_attempts_attempt_key").on(t.stepId, t.attempt),
    index("step_attempts_run_idx").on(t.runId),
    index("step_attempts_project_idx").on(t.projectId),
  ],
);

/** Log chunks of an attempt that is not sealed yet. */
export const stepLogChunks = pgTable(
  "step_log_chunks",
  {
    attemptId: uuid("attempt_id")
      .notNull()
      .references(() => stepAttempts.id),
    sequence: bigserial("sequence", { mode: "number" }).notNull(),
    at: instant("at").notNull(),
    text: text("text").notNull(),
  },
  (t) => [primaryKey({ columns: [t.attemptId, t.sequence] })],
);
