import { sql } from "drizzle-orm";
import {
  boolean,
  check,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { ROLES } from "../../domain/identity/roles";
import { createdAt, id, instant } from "./columns";
import { projects } from "./projects";

export const organisations = pgTable("organisations", {
  id: id(),
  name: text("name").notNull(),
  createdAt: createdAt(),
});

/** People and service accounts. A service account has no e-mail address and no password, and belongs to one project. */
export const users = pgTable(
  "users",
  {
    id: id(),
    organisationId: uuid("organisation_id")
      .notNull()
      .references(() => organisations.id),
    kind: text("kind", { enum: ["person", "service"] })
      .notNull()
      .default("person"),
    name: text("name").notNull(),
    email: text("email"),
    passwordHash: text("password_hash"),
    /** Standing in the whole organisation, beside the roles in projects. */
    standing: text("standing", { enum: ["member", "ADM", "AUD"] })
      .notNull()
      .default("member"),
    deactivatedAt: instant("deactivated_at"),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex("users_email_key").on(sql`lower(${t.email})`),
    index("users_organisation_idx").on(t.organisationId),
    check("users_person_has_email", sql`(${t.kind} = 'person') = (${t.email} is not null)`),
  ],
);

export const memberships = pgTable(
  "memberships",
  {
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id),
    role: text("role", { enum: ROLES }).notNull(),
    grantedBy: uuid("granted_by").references(() => users.id),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.projectId, t.userId, t.role] }), index("memberships_user_idx").on(t.userId)],
);

/** The signed cookie carries this id alone; a revoked row ends the session at the next request. */
export const sessions = pgTable(
  "sessions",
  {
    id: id(),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id),
    createdAt: createdAt(),
    expiresAt: instant("expires_at").notNull(),
    revokedAt: instant("revoked_at"),
    userAgent: text("user_agent"),
  },
  (t) => [index("sessions_user_idx").on(t.userId), index("sessions_expires_idx").on(t.expiresAt)],
);

export const TOKEN_SCOPES = ["read", "write", "predict", "sign"] as const;

/** Tokens of people and service accounts. Only the SHA-256 of the secret is kept. */
export const tokens = pgTable(
  "tokens",
  {
    id: id(),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id),
    /** Null only for an administrator's token, which reaches the organisation. */
    projectId: uuid("project_id").references(() => projects.id),
    name: text("name").notNull(),
    /** First characters of the secret, to recognise it in a list. */
    hint: text("hint").notNull(),
    sha256: text("sha256").notNull().unique("tokens_sha256_key"),
    scopes: text("scopes", { enum: TOKEN_SCOPES }).array().notNull(),
    createdBy: uuid("created_by")
      .notNull()
      .references(() => users.id),
    createdAt: createdAt(),
    expiresAt: instant("expires_at"),
    lastUsedAt: instant("last_used_at"),
    revokedAt: instant("revoked_at"),
  },
  (t) => [index("tokens_user_idx").on(t.userId), index("tokens_project_idx").on(t.projectId)],
);

/** Set-up, invitation and password reset: a secret that works once. */
export const oneTimeLinks = pgTable(
  "one_time_links",
  {
    id: id(),
    kind: text("kind", { enum: ["setup", "invitation", "reset"] }).notNull(),
    sha256: text("sha256").notNull().unique("one_time_links_sha256_key"),
    organisationId: uuid("organisation_id").references(() => organisations.id),
    /** Reset: whose password. */
    userId: uuid("user_id").references(() => users.id),
    /** Invitation: who is invited, into which project and roles. */
    email: text("email"),
    projectId: uuid("project_id").references(() => projects.id),
    roles: text("roles", { enum: ROLES }).array(),
    createdBy: uuid("created_by").references(() => users.id),
    createdAt: createdAt(),
    expiresAt: instant("expires_at").notNull(),
    usedAt: instant("used_at"),
  },
  (t) => [
    index("one_time_links_project_idx").on(t.projectId),
    index("one_time_links_user_idx").on(t.userId),
    index("one_time_links_expires_idx").on(t.expiresAt),
  ],
);

/** Failed sign-ins per account and per address; the delay grows, the account is never locked. */
export const signInThrottles = pgTable(
  "sign_in_throttles",
  {
    key: text("key").primaryKey(),
    failures: integer("failures").notNull(),
    blockedUntil: instant("blocked_until").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (t) => [index("sign_in_throttles_updated_idx").on(t.updatedAt)],
);

/** A grant of R1, R2, R6 or R7 that waits for a second administrator. */
export const roleGrants = pgTable(
  "role_grants",
  {
    id: id(),
    /** Null: ADM or AUD, a standing in the organisation. */
    projectId: uuid("project_id").references(() => projects.id),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id),
    role: text("role", { enum: ROLES }).notNull(),
    requestedBy: uuid("requested_by")
      .notNull()
      .references(() => users.id),
    createdAt: createdAt(),
    decidedBy: uuid("decided_by").references(() => users.id),
    decidedAt: instant("decided_at"),
    isGranted: boolean("is_granted"),
  },
  (t) => [
    index("role_grants_user_idx").on(t.userId),
    uniqueIndex("role_grants_open_key").on(t.projectId, t.userId, t.role).where(sql`${t.decidedAt} is null`),
    uniqueIndex("role_grants_open_standing_key")
      .on(t.userId, t.role)
      .where(sql`${t.decidedAt} is null and ${t.projectId} is null`),
  ],
);

/** A token that a step gets in its environment; it dies with its attempt or 15 s after the last lease. */
export const runTokens = pgTable(
  "run_tokens",
  {
    id: id(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    runId: uuid("run_id").notNull(),
    attemptId: uuid("attempt_id").notNull(),
    experimentRunId: uuid("experiment_run_id"),
    sha256: text("sha256").notNull().unique("run_tokens_sha256_key"),
    createdAt: createdAt(),
    leasedAt: instant("leased_at").notNull(),
    revokedAt: instant("revoked_at"),
  },
  (t) => [unique("run_tokens_attempt_key").on(t.attemptId), index("run_tokens_project_idx").on(t.projectId)],
);
