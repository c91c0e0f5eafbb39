import { index, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import { EDGE_KINDS, NODE_KINDS } from "../../domain/lineage/types";
import { createdAt, id } from "./columns";
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
    index("lineage_edges_to_idx").on(t.toId),
    index("lineage_edges_project_idx").on(t.projectId),
  ],
);
