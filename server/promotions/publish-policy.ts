import { and, desc, eq } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { datasets, datasetVersions } from "@/db/schema/data";
import { mlProblems, projects } from "@/db/schema/projects";
import { policyVersions } from "@/db/schema/promotions";
import { AppError } from "@/domain/errors";
import type { PublishPolicy } from "@/domain/promotions/contracts";
import { defaultRequiredRoles, requiredRolesProblem } from "@/domain/promotions/policy";
import type { PolicyRules } from "@/domain/promotions/types";
import { audit } from "../audit/audit-caller";
import { recordingRefusal } from "../audit/record-refusal";
import { personOf, type Scope } from "../authz/authorize";
import { canonicalDigest } from "../blobs/digest";
import type { ServiceContext } from "../context";
import { newId } from "../ids";
import { publishEvent } from "../notifications/publish-event";
import { currentPolicy, lockEnvironment, policyName } from "./promotion-facts";
import { reopenForPolicy } from "./reopen-promotion";

async function rulesFor(tx: Transaction, projectId: string, input: PublishPolicy): Promise<PolicyRules> {
  const [holdout] = await tx
    .select({ id: datasetVersions.id, isHoldout: datasets.isHoldout })
    .from(datasetVersions)
    .innerJoin(datasets, eq(datasets.id, datasetVersions.datasetId))
    .where(and(eq(datasetVersions.id, input.holdoutDatasetVersionId), eq(datasetVersions.projectId, projectId)));
  if (!holdout) throw new AppError("not_found", "dataset_version", "There is no such dataset version.");
  if (!holdout.isHoldout) {
    throw new AppError(
      "precondition_failed",
      "not_a_holdout",
      "Choose a version of a dataset that is marked as a hold-out: no step may receive it.",
    );
  }
  const [problem] = await tx
    .select({ acceptanceThreshold: mlProblems.acceptanceThreshold })
    .from(mlProblems)
    .where(and(eq(mlProblems.projectId, projectId), eq(mlProblems.version, input.mlProblemVersion)))
    .orderBy(desc(mlProblems.version));
  if (!problem) throw new AppError("not_found", "ml_problem", "There is no such version of the ML problem definition.");
  const { holdoutDatasetVersionId, target, metric, mlProblemVersion, isComparedWithCurrent, isValidationRequired } =
    input;
  const reviewRoles = [...new Set(input.reviewRoles)].sort();
  return {
    holdoutDatasetVersionId,
    target,
    metric,
    mlProblemVersion,
    acceptanceThreshold: problem.acceptanceThreshold,
    isComparedWithCurrent,
    isValidationRequired,
    reviewRoles,
  };
}

/**
 * Publishes the next policy version of an environment; a published one is never edited. The acceptance threshold comes
 * from the named version of the ML problem definition. Open promotions are evaluated anew under it, and signatures
 * under the earlier policy no longer count.
 */
export function publishPolicy(ctx: ServiceContext, scope: Scope<"promotions.edit_policy">, input: PublishPolicy) {
  const tried = {
    action: "promotions.policy_refused",
    entity: { kind: "project", id: scope.projectId },
    summary: `was refused to publish a policy of ${input.environment}`,
  };
  return recordingRefusal(ctx, scope, tried, () => publish(ctx, scope, input));
}

type Content = { readonly rules: PolicyRules; readonly requiredRoles: readonly string[] };

/** The order of the roles says nothing. */
function isSamePolicy(one: Content, other: Content): boolean {
  const digestOf = ({ rules, requiredRoles }: Content) =>
    canonicalDigest({ rules, requiredRoles: [...requiredRoles].sort() }).digest;
  return digestOf(one) === digestOf(other);
}

async function publish(ctx: ServiceContext, scope: Scope<"promotions.edit_policy">, input: PublishPolicy) {
  const person = personOf(scope);
  const caller = { ctx, scope };
  return ctx.db.transaction(async (tx) => {
    const environment = await lockEnvironment(tx, scope.projectId, { name: input.environment });
    const [project] = await tx.select({ risk: projects.risk }).from(projects).where(eq(projects.id, scope.projectId));
    const risk = project?.risk ?? "high";
    const requiredRoles =
      input.requiredRoles.length > 0
        ? [...new Set(input.requiredRoles)]
        : [...defaultRequiredRoles(environment.name, risk)];
    const problem = requiredRolesProblem(requiredRoles, environment.name, risk);
    if (problem) throw new AppError("invalid_input", "required_roles", problem);
    const rules = await rulesFor(tx, scope.projectId, input);
    const last = await currentPolicy(tx, environment.id);
    if (last && isSamePolicy(last, { rules, requiredRoles })) {
      const { id, version, digest } = last;
      return { id, version, name: policyName(environment.name, { version }), digest, isNew: false };
    }
    const version = (last?.version ?? 0) + 1;
    const id = newId();
    const { digest } = canonicalDigest({ environment: environment.name, version, rules, requiredRoles });
    await tx.insert(policyVersions).values({
      id,
      projectId: scope.projectId,
      environmentId: environment.id,
      version,
      rules,
      requiredRoles,
      digest,
      createdBy: person.userId,
    });
    const name = policyName(environment.name, { version });
    await audit(tx, caller, {
      action: "promotions.policy_published",
      entity: { kind: "policy_version", id },
      summary: `published the policy ${name}`,
      details: { version, rules, requiredRoles, digest },
    });
    await reopenForPolicy(tx, caller, { environmentId: environment.id, reason: `The policy ${name} was published.` });
    await publishEvent(tx, scope.projectId, "promotions", id);
    return { id, version, name, digest, isNew: true };
  });
}
