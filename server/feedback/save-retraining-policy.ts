import { and, desc, eq } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { retrainingPolicies } from "@/db/schema/feedback";
import { pipelines, pipelineVersions } from "@/db/schema/pipelines";
import { registeredModels } from "@/db/schema/registry";
import { AppError } from "@/domain/errors";
import type { SaveRetrainingPolicy } from "@/domain/feedback/contracts";
import { policyProblems } from "@/domain/feedback/retraining";
import type { RetrainingRules } from "@/domain/feedback/types";
import { audit } from "../audit/audit-caller";
import { recordingRefusal } from "../audit/record-refusal";
import { personOf, type Scope } from "../authz/authorize";
import { canonicalDigest } from "../blobs/digest";
import type { ServiceContext } from "../context";
import { newId } from "../ids";
import { publishEvent } from "../notifications/publish-event";
import { currentRetrainingPolicy } from "./retraining-readiness";

/** Takes the model's row, so that its versions of the policy follow one another. */
async function lockModel(tx: Transaction, projectId: string, modelId: string) {
  const [model] = await tx
    .select({ id: registeredModels.id, name: registeredModels.name })
    .from(registeredModels)
    .where(and(eq(registeredModels.id, modelId), eq(registeredModels.projectId, projectId)))
    .for("no key update");
  if (!model) throw new AppError("not_found", "model", "There is no such model.");
  return model;
}

async function newestVersionOf(tx: Transaction, projectId: string, pipelineId: string) {
  const [row] = await tx
    .select({ name: pipelines.name, kind: pipelineVersions.kind, plan: pipelineVersions.plan })
    .from(pipelines)
    .innerJoin(pipelineVersions, eq(pipelineVersions.pipelineId, pipelines.id))
    .where(and(eq(pipelines.id, pipelineId), eq(pipelines.projectId, projectId)))
    .orderBy(desc(pipelineVersions.version))
    .limit(1);
  if (!row) throw new AppError("not_found", "pipeline", "There is no such pipeline.");
  return row;
}

/** The rules alone, as they are kept and digested. */
function rulesOf(input: SaveRetrainingPolicy): RetrainingRules {
  return {
    isOn: input.isOn,
    pipelineId: input.pipelineId,
    windowDays: input.windowDays,
    firstDayParameter: input.firstDayParameter,
    lastDayParameter: input.lastDayParameter,
    datasetVersionParameter: input.datasetVersionParameter,
    mode: input.mode,
    cooldownDays: input.cooldownDays,
    budgetRuns: input.budgetRuns,
  };
}

/**
 * Saves the next version of a model's retraining policy; the earlier ones stay. The ML engineer owns it, so saving is
 * the signature. Refusals: `conflict` where somebody saved another version meanwhile, `invalid_input` with a sentence for each
 * parameter that the pipeline does not have.
 */
export function saveRetrainingPolicy(
  ctx: ServiceContext,
  scope: Scope<"monitoring.edit_retraining">,
  input: SaveRetrainingPolicy,
) {
  const tried = {
    action: "feedback.retraining_policy_refused",
    entity: { kind: "registered_model", id: input.modelId },
    summary: "was refused to save a retraining policy",
  };
  return recordingRefusal(ctx, scope, tried, () => save(ctx, scope, input));
}

async function save(
  ctx: ServiceContext,
  scope: Scope<"monitoring.edit_retraining">,
  input: SaveRetrainingPolicy,
): Promise<{ readonly id: string; readonly version: number; readonly digest: string }> {
  const person = personOf(scope);
  const { projectId } = scope;
  const { modelId, baseVersion } = input;
  const rules = rulesOf(input);
  return ctx.db.transaction(async (tx) => {
    const model = await lockModel(tx, projectId, modelId);
    const last = await currentRetrainingPolicy(tx, projectId, modelId);
    if ((last?.version ?? 0) !== baseVersion)
      throw new AppError("conflict", "stale_version", "Somebody saved another version meanwhile. Look at it first.");
    const pipeline = await newestVersionOf(tx, projectId, rules.pipelineId);
    const problems = policyProblems(rules, pipeline);
    if (problems.length > 0)
      throw new AppError("invalid_input", "policy", problems.map((each) => each.reason).join(" "), { problems });
    const version = baseVersion + 1;
    const id = newId();
    const { digest } = canonicalDigest({ modelId, version, rules });
    await tx.insert(retrainingPolicies).values({
      id,
      projectId,
      modelId,
      version,
      pipelineId: rules.pipelineId,
      rules,
      digest,
      createdBy: person.userId,
      createdAt: ctx.clock(),
    });
    await audit(
      tx,
      { ctx, scope },
      {
        action: "feedback.retraining_policy_saved",
        entity: { kind: "retraining_policy", id },
        summary: `saved the retraining policy v${version} of ${model.name}`,
        details: { modelId, version, rules, digest, pipeline: pipeline.name },
      },
    );
    await publishEvent(tx, projectId, "feedback", id);
    return { id, version, digest };
  });
}
