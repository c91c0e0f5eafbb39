import { bigint, index, integer, jsonb, pgTable, primaryKey, text, unique, uuid } from "drizzle-orm/pg-core";
import type { Evaluation, ModelSignature } from "../../domain/registry/types";
import { createdAt, id, instant } from "./columns";
import { datasetVersions } from "./data";
import { users } from "./identity";
import { projects } from "./projects";

export const registeredModels = pgTable(
  "registered_models",
  {
    id: id(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    name: text("name").notNull(),
    description: text("description").notNull().default(""),
    tags: jsonb("tags").$type<Record<string, string>>().notNull().default({}),
    lastVersion: integer("last_version").notNull().default(0),
    createdBy: uuid("created_by").references(() => users.id),
    createdAt: createdAt(),
    updatedAt: instant("updated_at").notNull(),
  },
  (t) => [unique("registered_models_name_key").on(t.projectId, t.name)],
);

export const modelVersions = pgTable(
  "model_versions",
  {
    id: id(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    modelId: uuid("model_id")
      .notNull()
      .references(() => registeredModels.id),
    version: integer("version").notNull(),
    /** What the client named as source, kept as given. */
    source: text("source").notNull(),
    loggedModelId: text("logged_model_id"),
    /** The ONNX file, which is what is evaluated, signed and served; null where none was logged. */
    onnxSha256: text("onnx_sha256"),
    onnxBytes: bigint("onnx_bytes", { mode: "number" }),
    /** Every file of the model package with its digest. */
    files: jsonb("files").$type<readonly { path: string; sha256: string; bytes: number }[]>().notNull(),
    signature: jsonb("signature").$type<ModelSignature>(),
    experimentRunId: uuid("experiment_run_id"),
    pipelineRunId: uuid("pipeline_run_id"),
    /** production: from a production definition's run, and so may be proposed. */
    origin: text("origin", { enum: ["production", "development", "outside"] }).notNull(),
    commit: text("commit"),
    description: text("description").notNull().default(""),
    tags: jsonb("tags").$type<Record<string, string>>().notNull().default({}),
    /** Null when a pipeline that a policy started registered it. */
    registeredBy: uuid("registered_by").references(() => users.id),
    createdAt: createdAt(),
    updatedAt: instant("updated_at").notNull(),
    deletedAt: instant("deleted_at"),
  },
  (t) => [
    unique("model_versions_version_key").on(t.modelId, t.version),
    index("model_versions_project_idx").on(t.projectId),
    index("model_versions_experiment_run_idx").on(t.experimentRunId),
    index("model_versions_pipeline_run_idx").on(t.pipelineRunId),
  ],
);

export const modelAliases = pgTable(
  "model_aliases",
  {
    modelId: uuid("model_id")
      .notNull()
      .references(() => registeredModels.id),
    alias: text("alias").notNull(),
    modelVersionId: uuid("model_version_id")
      .notNull()
      .references(() => modelVersions.id),
  },
  (t) => [primaryKey({ columns: [t.modelId, t.alias] }), index("model_aliases_version_idx").on(t.modelVersionId)],
);

/** The platform's own evaluation of an ONNX file on a dataset version: computed once for the pair of digests. */
export const modelEvaluations = pgTable(
  "model_evaluations",
  {
    id: id(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    modelVersionId: uuid("model_version_id")
      .notNull()
      .references(() => modelVersions.id),
    datasetVersionId: uuid("dataset_version_id")
      .notNull()
      .references(() => datasetVersions.id),
    target: text("target").notNull(),
    onnxSha256: text("onnx_sha256").notNull(),
    datasetDigest: text("dataset_digest").notNull(),
    result: jsonb("result").$type<Evaluation>().notNull(),
    /** JSON lines of inputs, label and output per row, in the row order of the dataset version. */
    predictionsSha256: text("predictions_sha256").notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    unique("model_evaluations_pair_key").on(t.projectId, t.onnxSha256, t.datasetDigest, t.target),
    index("model_evaluations_version_idx").on(t.modelVersionId),
    index("model_evaluations_dataset_idx").on(t.datasetVersionId),
  ],
);
