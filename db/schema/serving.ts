import { bigint, index, integer, jsonb, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { ENVIRONMENT_NAMES } from "../../domain/promotions/status";
import { instant } from "./columns";

/** The prediction log. No foreign keys: rows come in batches from the gateway's spool and may never be refused. */
export const predictions = pgTable(
  "predictions",
  {
    requestId: uuid("request_id").notNull(),
    row: integer("row").notNull(),
    projectId: uuid("project_id").notNull(),
    modelId: uuid("model_id").notNull(),
    modelVersionId: uuid("model_version_id").notNull(),
    deploymentId: uuid("deployment_id").notNull(),
    environment: text("environment", { enum: ENVIRONMENT_NAMES }).notNull(),
    /** The `id` that the client sent, stored beside ours. */
    clientId: text("client_id"),
    eventTime: instant("event_time").notNull(),
    receivedAt: instant("received_at").notNull(),
    inputs: jsonb("inputs").$type<Record<string, number | string | boolean | null>>().notNull(),
    outputs: jsonb("outputs").$type<Record<string, unknown>>().notNull(),
    latencyMicros: integer("latency_micros").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.requestId, t.row] }),
    index("predictions_model_time_idx").on(t.modelId, t.environment, t.eventTime),
    index("predictions_project_idx").on(t.projectId, t.receivedAt),
  ],
);

/**
 * Rows answered in an hour with a latency of one class (`domain/serving/latency`), by deployment: kept in the
 * transaction that adds the predictions, so that a page need not count them.
 */
export const servingTraffic = pgTable(
  "serving_traffic",
  {
    /** Start of the hour in which the requests arrived. */
    hour: instant("hour").notNull(),
    deploymentId: uuid("deployment_id").notNull(),
    latencyClass: integer("latency_class").notNull(),
    projectId: uuid("project_id").notNull(),
    rows: bigint("rows", { mode: "number" }).notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.hour, t.deploymentId, t.latencyClass] }),
    index("serving_traffic_project_idx").on(t.projectId, t.hour),
  ],
);
