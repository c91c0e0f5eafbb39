import { sql } from "drizzle-orm";
import { check, index, jsonb, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import { APPROVAL_STATES, APPROVAL_SUBJECTS, DECISIONS } from "../../domain/approvals/status";
import type { Barred } from "../../domain/approvals/types";
import { ROLES } from "../../domain/identity/roles";
import { createdAt, id, instant } from "./columns";
import { users } from "./identity";
import { projects } from "./projects";

/** The machinery of signing, for whatever is signed: a promotion, a feature definition, a threshold, stage A. */
export const approvals = pgTable(
  "approvals",
  {
    id: id(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    subjectKind: text("subject_kind", { enum: APPROVAL_SUBJECTS }).notNull(),
    subjectId: uuid("subject_id").notNull(),
    /** Digest of the thing itself, such as the ONNX file of a version. */
    subjectDigest: text("subject_digest").notNull(),
    /** What the signature lets happen, such as "production". */
    target: text("target").notNull(),
    /** Digest of the evidence that is current; null while it is being computed. */
    evidenceDigest: text("evidence_digest"),
    policyVersion: text("policy_version").notNull(),
    requiredRoles: text("required_roles", { enum: ROLES }).array().notNull(),
    /** Rules whose verdict is inconclusive: a required R7 must name each in a statement. */
    openRules: text("open_rules").array().notNull().default([]),
    /** Rules that failed or could not be judged: no signature opens them. */
    blockingRules: text("blocking_rules").array().notNull().default([]),
    /** People who may not sign, each with the reason that is shown. */
    barred: jsonb("barred").$type<readonly Barred[]>().notNull().default([]),
    state: text("state", { enum: APPROVAL_STATES }).notNull().default("preparing"),
    openedBy: uuid("opened_by").references(() => users.id),
    createdAt: createdAt(),
    deadlineAt: instant("deadline_at").notNull(),
    closedAt: instant("closed_at"),
  },
  (t) => [
    unique("approvals_subject_key").on(t.subjectKind, t.subjectId),
    index("approvals_open_idx").on(t.projectId, t.deadlineAt).where(sql`${t.state} in ('preparing', 'open')`),
    check("approvals_closed_at_matches_state", sql`(${t.state} in ('preparing', 'open')) = (${t.closedAt} is null)`),
  ],
);

/** Immutable but for being outdated. `statement` is the exact RFC 8785 text that was signed. */
export const approvalSignOffs = pgTable(
  "approval_sign_offs",
  {
    id: id(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    approvalId: uuid("approval_id")
      .notNull()
      .references(() => approvals.id),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id),
    asRole: text("as_role", { enum: ROLES }).notNull(),
    decision: text("decision", { enum: DECISIONS }).notNull(),
    meaning: text("meaning").notNull(),
    comment: text("comment").notNull().default(""),
    /** Inconclusive rules that this person judged and accepts. */
    acceptedRules: text("accepted_rules").array().notNull().default([]),
    evidenceDigest: text("evidence_digest").notNull(),
    policyVersion: text("policy_version").notNull(),
    statement: text("statement").notNull(),
    statementSha256: text("statement_sha256").notNull(),
    signedAt: instant("signed_at").notNull(),
    outdatedAt: instant("outdated_at"),
    outdatedReason: text("outdated_reason"),
  },
  (t) => [
    unique("approval_sign_offs_once").on(t.approvalId, t.userId, t.evidenceDigest, t.policyVersion),
    index("approval_sign_offs_user_idx").on(t.userId),
    index("approval_sign_offs_project_idx").on(t.projectId),
  ],
);
