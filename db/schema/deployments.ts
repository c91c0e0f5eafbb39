import { sql } from "drizzle-orm";
import {
  boolean,
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
import { DEPLOYMENT_STATES } from "../../domain/deployments/status";
import { createdAt, id, instant } from "./columns";
import { users } from "./identity";
import { projects } from "./projects";
import { environments, promotions } from "./promotions";
import { modelVersions, registeredModels } from "./registry";

export const deployments = pgTable(
  "deployments",
  {
    id: id(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    number: integer("number").notNull(),
    environmentId: uuid("environment_id")
      .notNull()
      .references(() => environments.id),
    modelId: uuid("model_id")
      .notNull()
      .references(() => registeredModels.id),
    modelVersionId: uuid("model_version_id")
      .notNull()
      .references(() => modelVersions.id),
    promotionId: uuid("promotion_id").references(() => promotions.id),
    kind: text("kind", { enum: ["promotion", "rollback"] }).notNull(),
    state: text("state", { enum: DEPLOYMENT_STATES }).notNull().default("pending"),
    reason: text("reason"),
    /** What the smoke test compared: rows, greatest difference, or the error. */
    smoke: jsonb("smoke").$type<{ rows: number; greatestDifference: number; error: string | null }>(),
    requestedBy: uuid("requested_by").references(() => users.id),
    createdAt: createdAt(),
    activatedAt: instant("activated_at"),
    endedAt: instant("ended_at"),
  },
  (t) => [
    unique("deployments_number_key").on(t.projectId, t.number),
    uniqueIndex("deployments_active_key").on(t.environmentId, t.modelId).where(sql`${t.state} = 'active'`),
    uniqueIndex("deployments_pending_key").on(t.environmentId, t.modelId).where(sql`${t.state} = 'pending'`),
    index("deployments_history_idx").on(t.environmentId, t.modelId, t.createdAt),
    index("deployments_version_idx").on(t.modelVersionId),
    index("deployments_promotion_idx").on(t.promotionId),
  ],
);

/** The switch of a model's traffic in an environment. */
export const trafficStops = pgTable(
  "traffic_stops",
  {
    environmentId: uuid("environment_id")
      .notNull()
      .references(() => environments.id),
    modelId: uuid("model_id")
      .notNull()
      .references(() => registeredModels.id),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    isStopped: boolean("is_stopped").notNull(),
    reason: text("reason").notNull(),
    changedBy: uuid("changed_by")
      .notNull()
      .references(() => users.id),
    changedAt: instant("changed_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.environmentId, t.modelId] }), index("traffic_stops_project_idx").on(t.projectId)],
);

/** What each gateway process says of each deployment that it was asked to hold. */
export const gatewayReports = pgTable(
  "gateway_reports",
  {
    instance: text("instance").notNull(),
    deploymentId: uuid("deployment_id")
      .notNull()
      .references(() => deployments.id),
    digest: text("digest").notNull(),
    isReady: boolean("is_ready").notNull(),
    detail: text("detail"),
    reportedAt: instant("reported_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.instance, t.deploymentId] }),
    index("gateway_reports_deployment_idx").on(t.deploymentId),
  ],
);

/** Gateways that are alive: renewed every few seconds. */
export const gatewayInstances = pgTable("gateway_instances", {
  instance: text("instance").primaryKey(),
  address: text("address").notNull(),
  seenAt: instant("seen_at").notNull(),
});
