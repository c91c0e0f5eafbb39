import type { Role } from "./roles";

/** V view · C create and edit own · E edit any · X execute · P propose or comment · S sign. */
export type Letter = "V" | "C" | "E" | "X" | "P" | "S";
/** Letters that a role holds in a row. `own` narrows them to what the person made or started. */
export type Cell = { readonly letters: readonly Letter[]; readonly isOwnOnly: boolean };

type Row = {
  /** The row as the permission matrix names it. */
  readonly action: string;
  readonly cells: Partial<Record<Role, string>>;
  /** Permission → the letters of which one suffices. */
  readonly permissions: Readonly<Record<string, readonly Letter[]>>;
};

const everyone = (letters: string) =>
  ({ R1: letters, R2: letters, R3: letters, R4: letters, R5: letters, R6: letters, R7: letters }) as const;

/**
 * The default permission matrix, whole. A cell is a list of letters, with `own` when it reaches
 * only what the person made. The letters after a comma add up; what is absent is not allowed.
 */
export const MATRIX = [
  {
    action: "See project, artefacts, lineage, discussions",
    cells: { ...everyone("V"), ADM: "V", SVC: "V", AUD: "V" },
    permissions: {
      "projects.read": ["V"],
      "data.read": ["V"],
      "features.read": ["V"],
      "pipelines.read": ["V"],
      "experiments.read": ["V"],
      "registry.read": ["V"],
      "reviews.read": ["V"],
      "approvals.read": ["V"],
      "promotions.read": ["V"],
      "deployments.read": ["V"],
      "serving.read": ["V"],
      "monitoring.read": ["V"],
      "feedback.read": ["V"],
      "lineage.read": ["V"],
      "notifications.read": ["V"],
    },
  },
  {
    action: "Create project, problem statement",
    cells: { R1: "C", R2: "P", R3: "P", R4: "P", R5: "P", R6: "P", R7: "P", ADM: "C" },
    permissions: { "projects.create": ["C"], "projects.edit_problem": ["C"] },
  },
  {
    action: "Edit KPI and value hypothesis",
    cells: { R1: "E", R2: "P", R3: "P" },
    permissions: { "projects.edit_value": ["E"] },
  },
  {
    action: "Sign initiation gate (all four needed)",
    cells: { R1: "S", R2: "S", R3: "S", R4: "S" },
    permissions: { "projects.sign_initiation": ["S"] },
  },
  {
    action: "Edit architecture and technology records",
    cells: { R1: "P", R2: "E,S", R3: "P", R4: "P", R5: "P", R6: "P", R7: "P" },
    permissions: { "projects.edit_architecture": ["E"] },
  },
  {
    action: "Edit ML problem definition",
    cells: { R1: "S", R2: "V", R3: "E,S", R4: "P", R7: "P" },
    permissions: { "projects.edit_ml_problem": ["E"], "projects.sign_ml_problem": ["S"] },
  },
  {
    action: "Register source, connection",
    cells: { R2: "V", R3: "P", R4: "C,S", R6: "C", R7: "P" },
    permissions: { "data.import": ["C"] },
  },
  {
    action: "Manage secrets (write; value never shown again)",
    cells: { R4: "C", R5: "C", R6: "E", R7: "C", ADM: "E" },
    permissions: { "identity.manage_secrets": ["C", "E"] },
  },
  {
    action: "Read raw rows marked sensitive",
    cells: { R4: "V", SVC: "X" },
    permissions: { "data.read_sensitive": ["V", "X"] },
  },
  {
    action: "Edit transformation and cleaning rules",
    cells: { R3: "P", R4: "E,S", R5: "P", R7: "P" },
    permissions: { "data.edit_checks": ["E"] },
  },
  {
    action: "Edit feature definitions (two signatures R3+R4)",
    cells: { R3: "E,S", R4: "E,S", R5: "P", R7: "P" },
    permissions: { "features.edit": ["E"], "features.sign": ["S"] },
  },
  {
    action: "Run feature pipeline: development",
    cells: { R3: "X", R4: "X", R5: "X", R7: "X", SVC: "X" },
    permissions: { "features.run_development": ["X"] },
  },
  {
    action: "Run feature pipeline: production",
    cells: { R4: "X", R6: "X", R7: "X", SVC: "X" },
    permissions: { "features.run_production": ["X"] },
  },
  {
    action: "Publish feature set",
    cells: { R3: "P", R4: "S", R7: "P" },
    permissions: { "features.publish": ["S"] },
  },
  {
    action: "Create experiments and runs",
    cells: { R3: "C,X", R4: "C,X", R5: "C,X", R7: "C,X", SVC: "X" },
    permissions: { "experiments.write": ["C", "X"] },
  },
  {
    action: "Delete run or artefact (soft; never if a live model depends on it)",
    cells: { R3: "C own", R4: "C own", R5: "C own", R7: "C own", ADM: "E" },
    permissions: { "experiments.delete": ["C", "E"] },
  },
  {
    action: "Review training or serving code",
    cells: { R3: "V", R4: "V", R5: "S", R6: "P", R7: "S" },
    permissions: { "reviews.sign_code": ["S"] },
  },
  {
    action: "Choose candidate",
    cells: { R3: "S", R7: "P" },
    permissions: { "registry.choose_candidate": ["S"] },
  },
  {
    action: "Register model version",
    cells: { R3: "C", R7: "C", SVC: "C" },
    permissions: { "registry.register": ["C"] },
  },
  {
    action: "Promote to staging",
    cells: { R3: "P", R5: "P", R6: "P", R7: "S", SVC: "P" },
    permissions: { "promotions.propose_staging": ["P"], "promotions.sign_staging": ["S"] },
  },
  {
    action: "Promote to production, low risk",
    cells: { R1: "V", R3: "P", R6: "P", R7: "S", SVC: "P" },
    permissions: { "promotions.propose_production": ["P"], "promotions.sign_production_low": ["S"] },
  },
  {
    action: "Promote to production, medium/high risk",
    cells: { R1: "S", R3: "P", R6: "P", R7: "S", SVC: "P" },
    permissions: { "promotions.sign_production_high": ["S"] },
  },
  {
    action: "Return model with reasons",
    cells: { R1: "S", R3: "S", R5: "S", R7: "S" },
    permissions: { "promotions.return": ["S"] },
  },
  {
    action: "Deploy approved version",
    cells: { R6: "X", R7: "X", SVC: "X" },
    permissions: { "deployments.deploy": ["X"] },
  },
  {
    action: "Roll back (no prior approval)",
    cells: { R1: "P", R3: "P", R5: "P", R6: "X", R7: "X" },
    permissions: { "deployments.rollback": ["X"] },
  },
  {
    action: "Emergency stop of traffic",
    cells: { R1: "P", R3: "P", R5: "P", R6: "X", R7: "X" },
    permissions: { "deployments.stop": ["X"] },
  },
  {
    action: "Edit serving contract",
    cells: { R3: "P", R5: "E,S", R7: "S" },
    permissions: { "serving.edit_contract": ["E"], "serving.sign_contract": ["S"] },
  },
  {
    action: "Edit serving compute and scaling",
    cells: { R5: "P", R6: "E", R7: "E,S" },
    permissions: { "serving.edit_compute": ["E"] },
  },
  {
    action: "Edit workflow pipeline definition (through Git)",
    cells: { R3: "P", R4: "P", R5: "P", R6: "E", R7: "E,S" },
    permissions: { "pipelines.push": ["E"] },
  },
  {
    action: "Edit CI/CD configuration",
    cells: { R4: "C", R5: "P", R6: "E", R7: "E" },
    permissions: { "integrations.edit_ci": ["C", "E"] },
  },
  {
    action: "Set quotas and compute targets",
    cells: { R2: "V", R3: "P", R4: "P", R6: "E,S", R7: "P", ADM: "E" },
    permissions: { "pipelines.set_quotas": ["E"] },
  },
  {
    action: "Define monitors",
    cells: { R1: "P", R3: "E", R4: "E", R5: "E", R6: "E", R7: "E" },
    permissions: { "monitoring.edit": ["E"] },
  },
  {
    action: "Change production thresholds (two signatures)",
    cells: { R3: "S", R7: "S" },
    permissions: { "monitoring.sign_threshold": ["S"] },
  },
  {
    action: "Acknowledge, resolve incident",
    cells: { R1: "V", R3: "X own", R4: "X own", R5: "X own", R6: "X", R7: "X" },
    permissions: { "monitoring.acknowledge": ["X"] },
  },
  {
    action: "Create feedback item, comment, mention",
    cells: { ...everyone("C"), ADM: "C", SVC: "C" },
    permissions: { "feedback.create": ["C"], "reviews.comment": ["C"] },
  },
  {
    action: "Accept/decline feedback F1, F4",
    cells: { R4: "S" },
    permissions: { "feedback.answer_data": ["S"] },
  },
  {
    action: "Accept/decline feedback F2, F3",
    cells: { R3: "S" },
    permissions: { "feedback.answer_model": ["S"] },
  },
  {
    action: "Start retraining by hand",
    cells: { R3: "X", R4: "P", R6: "X", R7: "X", SVC: "X" },
    permissions: { "monitoring.retrain": ["X"] },
  },
  {
    action: "Edit retraining policy",
    cells: { R3: "S", R6: "P", R7: "E,S" },
    permissions: { "monitoring.edit_retraining": ["E"], "monitoring.sign_retraining": ["S"] },
  },
  {
    action: "Retire model",
    cells: { R1: "S", R3: "P", R7: "X" },
    permissions: { "registry.retire": ["X"] },
  },
  {
    action: "Value review",
    cells: { R1: "S", R2: "V", R3: "V", R4: "V", R5: "V", R6: "V", R7: "V" },
    permissions: { "projects.sign_value_review": ["S"] },
  },
  {
    action: "Invite member, grant R3–R5",
    cells: { R1: "E", ADM: "E" },
    permissions: { "identity.invite": ["E"] },
  },
  {
    action: "Grant R1, R2, R6, R7, change this matrix",
    cells: { ADM: "E" },
    permissions: { "identity.grant_restricted": ["E"] },
  },
  {
    action: "See and manage the organisation's people: deactivate, reset link",
    cells: { ADM: "V,E", AUD: "V" },
    permissions: { "identity.read_people": ["V"], "identity.manage_people": ["E"] },
  },
  {
    action: "Manage integrations and tokens",
    cells: { R2: "P", R6: "E", R7: "P", ADM: "E" },
    permissions: { "identity.manage_services": ["E"], "integrations.edit": ["E"] },
  },
  {
    action: "Read audit trail",
    cells: { R1: "V", R2: "V", R3: "V own", R4: "V own", R5: "V own", R6: "V", R7: "V", ADM: "V", AUD: "V" },
    permissions: { "audit.read": ["V"] },
  },
  {
    action: "Export audit trail",
    cells: { ADM: "X", AUD: "X" },
    permissions: { "audit.export": ["X"] },
  },
  {
    action: "Break-glass: skip a gate",
    cells: { R6: "X", R7: "X", ADM: "S" },
    permissions: { "promotions.bypass": ["X"], "promotions.cosign_bypass": ["S"] },
  },
  // Rows that decisions.md adds.
  {
    action: "Predict and send labels",
    cells: { R3: "X", R4: "X", R5: "X", R6: "X", R7: "X", SVC: "X" },
    permissions: { "serving.predict": ["X"], "serving.label": ["X"] },
  },
  {
    action: "Start and cancel a pipeline run",
    cells: { R3: "X own", R4: "X own", R6: "X", R7: "X", SVC: "X own" },
    permissions: { "pipelines.run": ["X"], "pipelines.cancel": ["X"] },
  },
  {
    action: "Review verdict (never the author)",
    cells: everyone("S"),
    permissions: { "reviews.verdict": ["S"] },
  },
  {
    action: "Edit promotion policy",
    cells: { R1: "P", R3: "P", R6: "P", R7: "E,S" },
    permissions: { "promotions.edit_policy": ["E"] },
  },
  {
    action: "Withdraw own proposal",
    cells: { R3: "P own", R5: "P own", R6: "P own", R7: "S", SVC: "P own" },
    permissions: { "promotions.withdraw": ["P", "S"] },
  },
  {
    action: "Sign a promotion that asks for the role",
    cells: { R1: "S", R7: "S" },
    permissions: { "promotions.sign": ["S"] },
  },
  {
    action: "Propose a promotion",
    cells: { R3: "P", R5: "P", R6: "P", SVC: "P" },
    permissions: { "promotions.propose": ["P"] },
  },
  {
    action: "Hold personal tokens",
    cells: { ...everyone("C own"), ADM: "C own", AUD: "C own" },
    permissions: { "identity.hold_tokens": ["C"] },
  },
] as const satisfies readonly Row[];
