import { bigint, doublePrecision, index, integer, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import { RISK_CLASSES } from "../../domain/projects/types";
import { createdAt, id } from "./columns";
import { organisations, users } from "./identity";

export const projects = pgTable(
  "projects",
  {
    id: id(),
    organisationId: uuid("organisation_id")
      .notNull()
      .references(() => organisations.id),
    slug: text("slug").notNull(),
    name: text("name").notNull(),
    description: text("description").notNull().default(""),
    risk: text("risk", { enum: RISK_CLASSES }).notNull().default("medium"),
    createdBy: uuid("created_by")
      .notNull()
      .references(() => users.id),
    createdAt: createdAt(),
  },
  (t) => [
    unique("projects_slug_key").on(t.organisationId, t.slug),
    unique("projects_name_key").on(t.organisationId, t.name),
  ],
);

/** One row a project: the last number handed out for `#184`, and the last sequence of its events. */
export const projectCounters = pgTable("project_counters", {
  projectId: uuid("project_id")
    .primaryKey()
    .references(() => projects.id),
  number: integer("number").notNull().default(0),
  eventSequence: bigint("event_sequence", { mode: "number" }).notNull().default(0),
});

/** Goal, users and KPI in the business's words; a new version for each change. */
export const problemStatements = pgTable(
  "problem_statements",
  {
    id: id(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    version: integer("version").notNull(),
    goal: text("goal").notNull(),
    affectedUsers: text("affected_users").notNull().default(""),
    kpiName: text("kpi_name").notNull(),
    kpiUnit: text("kpi_unit").notNull().default(""),
    kpiBaseline: doublePrecision("kpi_baseline").notNull(),
    kpiTarget: doublePrecision("kpi_target").notNull(),
    deadline: text("deadline"),
    createdBy: uuid("created_by")
      .notNull()
      .references(() => users.id),
    createdAt: createdAt(),
  },
  (t) => [unique("problem_statements_version_key").on(t.projectId, t.version)],
);

/** What the model has to do and how good it must be; tied to the KPI of a problem statement. */
export const mlProblems = pgTable(
  "ml_problems",
  {
    id: id(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    version: integer("version").notNull(),
    problemStatementId: uuid("problem_statement_id")
      .notNull()
      .references(() => problemStatements.id),
    task: text("task", { enum: ["binary_classification", "multiclass_classification", "regression"] }).notNull(),
    target: text("target").notNull(),
    predictionUnit: text("prediction_unit").notNull(),
    metric: text("metric").notNull(),
    acceptanceThreshold: doublePrecision("acceptance_threshold").notNull(),
    rationale: text("rationale").notNull(),
    createdBy: uuid("created_by")
      .notNull()
      .references(() => users.id),
    createdAt: createdAt(),
  },
  (t) => [
    unique("ml_problems_version_key").on(t.projectId, t.version),
    index("ml_problems_statement_idx").on(t.problemStatementId),
  ],
);
