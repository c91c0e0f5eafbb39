import { bigint, boolean, index, integer, jsonb, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import type { CheckResult, CheckSpec, ColumnProfile, ColumnSchema } from "../../domain/data/types";
import { createdAt, id } from "./columns";
import { users } from "./identity";
import { projects } from "./projects";

export const datasets = pgTable(
  "datasets",
  {
    id: id(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    name: text("name").notNull(),
    description: text("description").notNull().default(""),
    /** Where the rows come from and under which licence, as shown to people. */
    source: text("source").notNull().default(""),
    licence: text("licence").notNull().default(""),
    /** A hold-out is never handed to a step: the platform alone reads it. */
    isHoldout: boolean("is_holdout").notNull().default(false),
    createdBy: uuid("created_by")
      .notNull()
      .references(() => users.id),
    createdAt: createdAt(),
  },
  (t) => [unique("datasets_name_key").on(t.projectId, t.name)],
);

/** Immutable. `digest` is over the source bytes and the import options; the Parquet blob has its own. */
export const datasetVersions = pgTable(
  "dataset_versions",
  {
    id: id(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    datasetId: uuid("dataset_id")
      .notNull()
      .references(() => datasets.id),
    version: integer("version").notNull(),
    digest: text("digest").notNull(),
    sourceSha256: text("source_sha256").notNull(),
    parquetSha256: text("parquet_sha256").notNull(),
    sourceName: text("source_name").notNull(),
    /** RFC 8785 text of the import options. */
    importOptions: text("import_options").notNull(),
    rows: bigint("rows", { mode: "number" }).notNull(),
    bytes: bigint("bytes", { mode: "number" }).notNull(),
    schema: jsonb("schema").$type<readonly ColumnSchema[]>().notNull(),
    profile: jsonb("profile").$type<readonly ColumnProfile[]>().notNull(),
    createdBy: uuid("created_by")
      .notNull()
      .references(() => users.id),
    createdAt: createdAt(),
  },
  (t) => [
    unique("dataset_versions_version_key").on(t.datasetId, t.version),
    unique("dataset_versions_digest_key").on(t.datasetId, t.digest),
    index("dataset_versions_project_idx").on(t.projectId),
  ],
);

/** The checks of a dataset, versioned as one set. */
export const checkSets = pgTable(
  "check_sets",
  {
    id: id(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    datasetId: uuid("dataset_id")
      .notNull()
      .references(() => datasets.id),
    version: integer("version").notNull(),
    checks: jsonb("checks").$type<readonly CheckSpec[]>().notNull(),
    createdBy: uuid("created_by")
      .notNull()
      .references(() => users.id),
    createdAt: createdAt(),
  },
  (t) => [unique("check_sets_version_key").on(t.datasetId, t.version), index("check_sets_project_idx").on(t.projectId)],
);

/** One evaluation of a check set on a dataset version, by a person or by a pipeline's step. */
export const validationReports = pgTable(
  "validation_reports",
  {
    id: id(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    datasetVersionId: uuid("dataset_version_id")
      .notNull()
      .references(() => datasetVersions.id),
    checkSetId: uuid("check_set_id")
      .notNull()
      .references(() => checkSets.id),
    runId: uuid("run_id"),
    hasPassed: boolean("has_passed").notNull(),
    results: jsonb("results").$type<readonly CheckResult[]>().notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    index("validation_reports_version_idx").on(t.datasetVersionId, t.createdAt),
    index("validation_reports_check_set_idx").on(t.checkSetId),
    index("validation_reports_run_idx").on(t.runId),
  ],
);
