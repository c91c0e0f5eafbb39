import { bigint, index, integer, jsonb, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import { EDGE_KINDS, type LineageNode, NODE_KINDS } from "../../domain/lineage/types";
import { createdAt, id } from "./columns";
import { trainingSets } from "./features";
import { users } from "./identity";
import { pipelineRuns } from "./pipelines";
import { projects } from "./projects";

export const lineageNodes = pgTable(
  "lineage_nodes",
  {
    id: id(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    kind: text("kind", { enum: NODE_KINDS }).notNull(),
    /** The id of the row, or the commit's hash. */
    reference: text("reference").notNull(),
    label: text("label").notNull(),
    createdAt: createdAt(),
  },
  (t) => [unique("lineage_nodes_reference_key").on(t.projectId, t.kind, t.reference)],
);

export const lineageEdges = pgTable(
  "lineage_edges",
  {
    id: id(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    fromId: uuid("from_id")
      .notNull()
      .references(() => lineageNodes.id),
    toId: uuid("to_id")
      .notNull()
      .references(() => lineageNodes.id),
    kind: text("kind", { enum: EDGE_KINDS }).notNull(),
    /** The pipeline run in which it happened, where there was one. */
    runId: uuid("run_id"),
    createdAt: createdAt(),
  },
  (t) => [
    unique("lineage_edges_once").on(t.fromId, t.toId, t.kind),
    // A walk asks for the neighbours of many nodes at once and reads nothing else: the index answers alone.
    index("lineage_edges_downstream_idx").on(t.projectId, t.fromId, t.toId),
    index("lineage_edges_upstream_idx").on(t.projectId, t.toId, t.fromId),
  ],
);

/** Immutable: what was known to depend on something at the moment of its change. */
export const impactReports = pgTable(
  "impact_reports",
  {
    id: id(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    subjectKind: text("subject_kind", { enum: NODE_KINDS }).notNull(),
    /** The new thing's reference, such as the id of the feature view version that was saved. */
    subjectReference: text("subject_reference").notNull(),
    /** The change as a person would say it: "daily_weather v1 to v2". */
    change: text("change").notNull(),
    /** The earlier nodes whose consequences were read; none where nothing came before. */
    roots: jsonb("roots").$type<readonly LineageNode[]>().notNull(),
    touched: jsonb("touched").$type<readonly LineageNode[]>().notNull(),
    touchedCount: integer("touched_count").notNull(),
    /** SHA-256 over the RFC 8785 text of change, roots and touched. */
    digest: text("digest").notNull(),
    createdBy: uuid("created_by").references(() => users.id),
    createdAt: createdAt(),
  },
  (t) => [
    unique("impact_reports_subject_key").on(t.projectId, t.subjectKind, t.subjectReference),
    index("impact_reports_project_idx").on(t.projectId, t.createdAt),
  ],
);

/**
 * Immutable: how the rows that a run trained on were kept apart from those that it is judged on. `text` is the RFC 8785
 * text of the manifest, `digest` its SHA-256.
 */
export const splitManifests = pgTable(
  "split_manifests",
  {
    id: id(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    runId: uuid("run_id")
      .notNull()
      .references(() => pipelineRuns.id),
    trainingSetId: uuid("training_set_id")
      .notNull()
      .references(() => trainingSets.id),
    trainingRows: bigint("training_rows", { mode: "number" }).notNull(),
    holdoutRows: bigint("holdout_rows", { mode: "number" }).notNull(),
    /** Rows of a hold-out that also stand in what the run read: more than none is a leak. */
    sharedRows: bigint("shared_rows", { mode: "number" }).notNull(),
    text: text("text").notNull(),
    digest: text("digest").notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    unique("split_manifests_training_set_key").on(t.trainingSetId),
    index("split_manifests_project_idx").on(t.projectId, t.createdAt),
    index("split_manifests_run_idx").on(t.runId),
  ],
);
