import { sql } from "drizzle-orm";
import { index, integer, jsonb, pgTable, text, unique, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { ROLES } from "../../domain/identity/roles";
import { ENVIRONMENT_NAMES, PROMOTION_STATES } from "../../domain/promotions/status";
import type { PolicyRules } from "../../domain/promotions/types";
import { approvals } from "./approvals";
import { createdAt, id, instant } from "./columns";
import { users } from "./identity";
import { projects } from "./projects";
import { modelVersions, registeredModels } from "./registry";

export const environments = pgTable(
  "environments",
  {
    id: id(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    name: text("name", { enum: ENVIRONMENT_NAMES }).notNull(),
    /** Null: needs no other environment first. */
    requires: text("requires", { enum: ENVIRONMENT_NAMES }),
  },
  (t) => [unique("environments_name_key").on(t.projectId, t.name)],
);

/** A published version is never edited. The newest version of an environment is the current one. */
export const policyVersions = pgTable(
  "policy_versions",
  {
    id: id(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    environmentId: uuid("environment_id")
      .notNull()
      .references(() => environments.id),
    version: integer("version").notNull(),
    rules: jsonb("rules").$type<PolicyRules>().notNull(),
    requiredRoles: text("required_roles", { enum: ROLES }).array().notNull(),
    digest: text("digest").notNull(),
    createdBy: uuid("created_by")
      .notNull()
      .references(() => users.id),
    createdAt: createdAt(),
  },
  (t) => [
    unique("policy_versions_version_key").on(t.environmentId, t.version),
    index("policy_versions_project_idx").on(t.projectId),
  ],
);

export const promotions = pgTable(
  "promotions",
  {
    id: id(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    number: integer("number").notNull(),
    modelId: uuid("model_id")
      .notNull()
      .references(() => registeredModels.id),
    modelVersionId: uuid("model_version_id")
      .notNull()
      .references(() => modelVersions.id),
    environmentId: uuid("environment_id")
      .notNull()
      .references(() => environments.id),
    policyVersionId: uuid("policy_version_id")
      .notNull()
      .references(() => policyVersions.id),
    approvalId: uuid("approval_id").references(() => approvals.id),
    /** The version in the environment when the evidence was computed; null for the first. */
    baselineVersionId: uuid("baseline_version_id").references(() => modelVersions.id),
    state: text("state", { enum: PROMOTION_STATES }).notNull().default("evaluating"),
    /** Why it waits, was returned, failed or expired, as a sentence. */
    reason: text("reason"),
    proposedBy: uuid("proposed_by")
      .notNull()
      .references(() => users.id),
    comment: text("comment").notNull().default(""),
    createdAt: createdAt(),
    deadlineAt: instant("deadline_at").notNull(),
    remindedAt: instant("reminded_at"),
    closedAt: instant("closed_at"),
  },
  (t) => [
    unique("promotions_number_key").on(t.projectId, t.number),
    uniqueIndex("promotions_open_key")
      .on(t.modelId, t.environmentId)
      .where(sql`${t.state} in ('evaluating', 'waiting', 'deploying')`),
    index("promotions_version_idx").on(t.modelVersionId),
    index("promotions_environment_idx").on(t.environmentId, t.createdAt),
  ],
);

/** Immutable. `text` is the RFC 8785 text of the measurements and verdicts; `digest` its SHA-256. */
export const promotionEvidence = pgTable(
  "promotion_evidence",
  {
    id: id(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    promotionId: uuid("promotion_id")
      .notNull()
      .references(() => promotions.id),
    text: text("text").notNull(),
    digest: text("digest").notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    unique("promotion_evidence_digest_key").on(t.promotionId, t.digest),
    index("promotion_evidence_project_idx").on(t.projectId),
  ],
);
