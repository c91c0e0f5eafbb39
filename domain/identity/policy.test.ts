import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { can, PERMISSIONS, type Permission, reachOf, refusalSentence, rolesWith, scopeNeededFor } from "./policy";
import { ROLES, type Role } from "./roles";

/**
 * The permission matrix once more, written down from the document by hand: who may, and (after "own") who may only
 * with what is theirs. A change of the matrix has to be made in both places.
 */
const EXPECTED: Readonly<Record<Permission, string>> = {
  "projects.read": "R1 R2 R3 R4 R5 R6 R7 ADM SVC AUD",
  "data.read": "R1 R2 R3 R4 R5 R6 R7 ADM SVC AUD",
  "features.read": "R1 R2 R3 R4 R5 R6 R7 ADM SVC AUD",
  "pipelines.read": "R1 R2 R3 R4 R5 R6 R7 ADM SVC AUD",
  "experiments.read": "R1 R2 R3 R4 R5 R6 R7 ADM SVC AUD",
  "registry.read": "R1 R2 R3 R4 R5 R6 R7 ADM SVC AUD",
  "reviews.read": "R1 R2 R3 R4 R5 R6 R7 ADM SVC AUD",
  "approvals.read": "R1 R2 R3 R4 R5 R6 R7 ADM SVC AUD",
  "promotions.read": "R1 R2 R3 R4 R5 R6 R7 ADM SVC AUD",
  "deployments.read": "R1 R2 R3 R4 R5 R6 R7 ADM SVC AUD",
  "serving.read": "R1 R2 R3 R4 R5 R6 R7 ADM SVC AUD",
  "monitoring.read": "R1 R2 R3 R4 R5 R6 R7 ADM SVC AUD",
  "feedback.read": "R1 R2 R3 R4 R5 R6 R7 ADM SVC AUD",
  "lineage.read": "R1 R2 R3 R4 R5 R6 R7 ADM SVC AUD",
  "notifications.read": "R1 R2 R3 R4 R5 R6 R7 ADM SVC AUD",
  "projects.create": "R1 ADM",
  "projects.edit_problem": "R1 ADM",
  "projects.edit_value": "R1",
  "projects.sign_initiation": "R1 R2 R3 R4",
  "projects.edit_architecture": "R2",
  "projects.edit_ml_problem": "R3",
  "projects.sign_ml_problem": "R1 R3",
  "data.import": "R4 R6",
  "identity.manage_secrets": "R4 R5 R6 R7 ADM",
  "data.read_sensitive": "R4 SVC",
  "data.edit_checks": "R4",
  "features.edit": "R3 R4",
  "features.sign": "R3 R4",
  "features.run_development": "R3 R4 R5 R7 SVC",
  "features.run_production": "R4 R6 R7 SVC",
  "features.publish": "R4",
  "experiments.write": "R3 R4 R5 R7 SVC",
  "experiments.delete": "ADM own R3 R4 R5 R7",
  "reviews.sign_code": "R5 R7",
  "registry.choose_candidate": "R3",
  "registry.register": "R3 R7 SVC",
  "promotions.propose_staging": "R3 R5 R6 SVC",
  "promotions.sign_staging": "R7",
  "promotions.propose_production": "R3 R6 SVC",
  "promotions.sign_production_low": "R7",
  "promotions.sign_production_high": "R1 R7",
  "promotions.return": "R1 R3 R5 R7",
  "deployments.deploy": "R6 R7 SVC",
  "deployments.rollback": "R6 R7",
  "deployments.stop": "R6 R7",
  "serving.edit_contract": "R5",
  "serving.sign_contract": "R5 R7",
  "serving.edit_compute": "R6 R7",
  "pipelines.push": "R6 R7",
  "integrations.edit_ci": "R4 R6 R7",
  "pipelines.set_quotas": "R6 ADM",
  "monitoring.edit": "R3 R4 R5 R6 R7",
  "monitoring.sign_threshold": "R3 R7",
  "monitoring.acknowledge": "R6 R7 own R3 R4 R5",
  "feedback.create": "R1 R2 R3 R4 R5 R6 R7 ADM SVC",
  "reviews.comment": "R1 R2 R3 R4 R5 R6 R7 ADM SVC",
  "feedback.answer_data": "R4",
  "feedback.answer_model": "R3",
  "monitoring.retrain": "R3 R6 R7 SVC",
  "monitoring.edit_retraining": "R7",
  "monitoring.sign_retraining": "R3 R7",
  "registry.retire": "R7",
  "projects.sign_value_review": "R1",
  "identity.invite": "R1 ADM",
  "identity.grant_restricted": "ADM",
  "identity.read_people": "ADM AUD",
  "identity.manage_people": "ADM",
  "identity.manage_services": "R6 ADM",
  "integrations.edit": "R6 ADM",
  "audit.read": "R1 R2 R6 R7 ADM AUD own R3 R4 R5",
  "audit.export": "ADM AUD",
  "promotions.bypass": "R6 R7",
  "promotions.cosign_bypass": "ADM",
  "serving.predict": "R3 R4 R5 R6 R7 SVC",
  "serving.label": "R3 R4 R5 R6 R7 SVC",
  "pipelines.run": "R6 R7 own R3 R4 SVC",
  "pipelines.cancel": "R6 R7 own R3 R4 SVC",
  "reviews.verdict": "R1 R2 R3 R4 R5 R6 R7",
  "promotions.edit_policy": "R7",
  "promotions.withdraw": "R7 own R3 R5 R6 SVC",
  "promotions.sign": "R1 R7",
  "promotions.propose": "R3 R5 R6 SVC",
  "identity.hold_tokens": "own R1 R2 R3 R4 R5 R6 R7 ADM AUD",
};

const reached = (permission: Permission, reach: "any" | "own") =>
  ROLES.filter((role) => reachOf([role], permission) === reach);

describe("the permission matrix", () => {
  test("names every permission once", () => {
    expect([...PERMISSIONS].sort()).toEqual(Object.keys(EXPECTED).sort());
  });

  test.each(Object.entries(EXPECTED) as [Permission, string][])("%s: %s", (permission, text) => {
    const [any = "", own = ""] = text.split(/ ?own ?/);
    const rolesIn = (list: string) => list.split(" ").filter((role) => role !== "");
    expect(reached(permission, "any")).toEqual(rolesIn(any));
    expect(reached(permission, "own")).toEqual(rolesIn(own));
  });

  test("auditors only look, and export", () => {
    const letters = PERMISSIONS.filter((permission) => can(["AUD"], permission)).filter(
      (permission) => scopeNeededFor(permission) !== "read",
    );
    expect(letters).toEqual(["audit.export", "identity.hold_tokens"]);
  });

  test("service accounts sign nothing", () => {
    expect(
      PERMISSIONS.filter((permission) => scopeNeededFor(permission) === "sign" && can(["SVC"], permission)),
    ).toEqual([]);
  });

  test("roles add up: together they reach what the widest of them reaches", () => {
    const width = { none: 0, own: 1, any: 2 };
    fc.assert(
      fc.property(fc.subarray([...ROLES]), fc.constantFrom(...PERMISSIONS), (roles: Role[], permission) => {
        const widest = Math.max(0, ...roles.map((role) => width[reachOf([role], permission)]));
        expect(width[reachOf(roles, permission)]).toBe(widest);
        expect(refusalSentence(roles, permission) === null).toBe(can(roles, permission));
      }),
    );
  });

  test("a refusal names the roles that may", () => {
    expect(refusalSentence(["R3"], "promotions.sign")).toBe("This needs the role business stakeholder or ML engineer.");
    expect(rolesWith("promotions.sign")).toEqual(["R1", "R7"]);
  });

  test.each([
    ["projects.read", "read"],
    ["serving.predict", "predict"],
    ["promotions.sign", "sign"],
    ["promotions.propose", "write"],
    ["promotions.withdraw", "write"],
    ["reviews.verdict", "sign"],
  ] as const)("a token needs for %s the scope %s", (permission, scope) => {
    expect(scopeNeededFor(permission)).toBe(scope);
  });
});
