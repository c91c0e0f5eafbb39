import { sql } from "drizzle-orm";
import {
  bigint,
  check,
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
import { MATERIALIZATION_STATES, MATERIALIZATION_TRIGGERS } from "../../domain/features/status";
import type { FeatureDefinition, Parity, TrainingSetManifest } from "../../domain/features/types";
import { approvals } from "./approvals";
import { createdAt, id, instant } from "./columns";
import { datasets, datasetVersions } from "./data";
import { users } from "./identity";
import { pipelineRuns } from "./pipelines";
import { projects } from "./projects";

export const featureViews = pgTable(
  "feature_views",
  {
    id: id(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    name: text("name").notNull(),
    datasetId: uuid("dataset_id")
      .notNull()
      .references(() => datasets.id),
    createdBy: uuid("created_by")
      .notNull()
      .references(() => users.id),
    createdAt: createdAt(),
  },
  (t) => [unique("feature_views_name_key").on(t.projectId, t.name), index("feature_views_dataset_idx").on(t.datasetId)],
);

/** Immutable. `definitionText` is the RFC 8785 text that people sign, `digest` its SHA-256. */
export const featureViewVersions = pgTable(
  "feature_view_versions",
  {
    id: id(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    viewId: uuid("view_id")
      .notNull()
      .references(() => featureViews.id),
    version: integer("version").notNull(),
    definition: jsonb("definition").$type<FeatureDefinition>().notNull(),
    definitionText: text("definition_text").notNull(),
    digest: text("digest").notNull(),
    approvalId: uuid("approval_id")
      .notNull()
      .references(() => approvals.id),
    createdBy: uuid("created_by")
      .notNull()
      .references(() => users.id),
    createdAt: createdAt(),
  },
  (t) => [
    unique("feature_view_versions_version_key").on(t.viewId, t.version),
    unique("feature_view_versions_approval_key").on(t.approvalId),
    index("feature_view_versions_project_idx").on(t.projectId),
  ],
);

/** The rows that a run trained on, as a `features` step wrote them: once for a step, however often it is tried. */
export const trainingSets = pgTable(
  "training_sets",
  {
    id: id(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    runId: uuid("run_id")
      .notNull()
      .references(() => pipelineRuns.id),
    stepKey: text("step_key").notNull(),
    viewVersionId: uuid("view_version_id")
      .notNull()
      .references(() => featureViewVersions.id),
    datasetVersionId: uuid("dataset_version_id")
      .notNull()
      .references(() => datasetVersions.id),
    /** The blob: Parquet with the columns below. */
    parquetSha256: text("parquet_sha256").notNull(),
    bytes: bigint("bytes", { mode: "number" }).notNull(),
    rows: bigint("rows", { mode: "number" }).notNull(),
    unmatchedRows: bigint("unmatched_rows", { mode: "number" }).notNull(),
    entityColumns: text("entity_columns").array().notNull(),
    eventTimeColumn: text("event_time_column").notNull(),
    featureColumns: text("feature_columns").array().notNull(),
    labelColumn: text("label_column"),
    manifest: jsonb("manifest").$type<TrainingSetManifest>().notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    unique("training_sets_step_key").on(t.runId, t.stepKey),
    index("training_sets_project_idx").on(t.projectId),
    index("training_sets_view_version_idx").on(t.viewVersionId),
    index("training_sets_dataset_version_idx").on(t.datasetVersionId),
    check("training_sets_unmatched_of_rows", sql`${t.unmatchedRows} between 0 and ${t.rows}`),
  ],
);

/**
 * One copy of the newest value of each entity to the online table. `snapshotSha256` is the offline side, in the order
 * of the keys; `writtenRows` says how far the copy is, so that a killed one goes on where it was.
 */
export const materializations = pgTable(
  "materializations",
  {
    id: id(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    viewVersionId: uuid("view_version_id")
      .notNull()
      .references(() => featureViewVersions.id),
    datasetVersionId: uuid("dataset_version_id")
      .notNull()
      .references(() => datasetVersions.id),
    state: text("state", { enum: MATERIALIZATION_STATES }).notNull().default("queued"),
    trigger: text("trigger", { enum: MATERIALIZATION_TRIGGERS }).notNull(),
    /** Null where an import started it. */
    startedBy: uuid("started_by").references(() => users.id),
    snapshotSha256: text("snapshot_sha256"),
    snapshotRows: bigint("snapshot_rows", { mode: "number" }),
    /** The newest event time of the snapshot: how far the online values reach. */
    watermark: instant("watermark"),
    writtenRows: bigint("written_rows", { mode: "number" }).notNull().default(0),
    parity: jsonb("parity").$type<Parity>(),
    reason: text("reason"),
    createdAt: createdAt(),
    startedAt: instant("started_at"),
    finishedAt: instant("finished_at"),
  },
  (t) => [
    uniqueIndex("materializations_one_open").on(t.viewVersionId).where(sql`${t.state} in ('queued', 'copying')`),
    index("materializations_version_idx").on(t.viewVersionId, t.createdAt),
    index("materializations_dataset_version_idx").on(t.datasetVersionId),
    index("materializations_project_idx").on(t.projectId),
    check(
      "materializations_finished_matches_state",
      sql`(${t.state} in ('succeeded', 'failed')) = (${t.finishedAt} is not null)`,
    ),
    check(
      "materializations_snapshot_is_whole",
      sql`${t.state} in ('queued', 'failed') or (${t.snapshotSha256} is not null and ${t.snapshotRows} is not null)`,
    ),
  ],
);

/** The newest known values of an entity. `entityKey` is the RFC 8785 text of its columns, so 1 and "1" differ. */
export const onlineFeatures = pgTable(
  "online_features",
  {
    viewVersionId: uuid("view_version_id")
      .notNull()
      .references(() => featureViewVersions.id),
    entityKey: text("entity_key").notNull(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    eventTime: instant("event_time").notNull(),
    createdTime: instant("created_time"),
    values: jsonb("values").$type<Readonly<Record<string, string | number | boolean | null>>>().notNull(),
    materializationId: uuid("materialization_id")
      .notNull()
      .references(() => materializations.id),
    writtenAt: instant("written_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.viewVersionId, t.entityKey] }),
    index("online_features_project_idx").on(t.projectId),
    index("online_features_materialization_idx").on(t.materializationId),
  ],
);
