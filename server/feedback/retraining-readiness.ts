import { and, desc, eq } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { retrainingPolicies } from "@/db/schema/feedback";
import { AppError } from "@/domain/errors";
import { retrainingParameters } from "@/domain/feedback/retraining";
import type { ServiceContext } from "../context";
import { type PreparedRun, prepareRun } from "../pipelines/start-run";
import type { Alert } from "./record";

export type RetrainingPolicy = typeof retrainingPolicies.$inferSelect;

/** The newest version of a model's policy, which is the one in force; null where it has none. */
export async function currentRetrainingPolicy(
  db: Executor,
  projectId: string,
  modelId: string,
): Promise<RetrainingPolicy | null> {
  const [policy] = await db
    .select()
    .from(retrainingPolicies)
    .where(and(eq(retrainingPolicies.modelId, modelId), eq(retrainingPolicies.projectId, projectId)))
    .orderBy(desc(retrainingPolicies.version))
    .limit(1);
  return policy ?? null;
}

/** A run that only needs to be written, or the sentence why it cannot be started. */
export type Readiness = {
  readonly policyId: string | null;
  readonly prepared: PreparedRun | null;
  readonly problem: string | null;
};

/**
 * What a retraining for this alert would run under the present policy. It reads files, so it stands before the
 * transaction; the decision in the transaction refuses it where the policy has changed since. `startedByPerson`
 * leaves the run to the person who starts it; else the policy is its starter, which is nobody.
 */
export async function readinessFor(
  ctx: ServiceContext,
  alert: Alert,
  options: { readonly startedByPerson: boolean } = { startedByPerson: false },
): Promise<Readiness> {
  const policy = await currentRetrainingPolicy(ctx.db, alert.projectId, alert.modelId);
  if (!policy) return { policyId: null, prepared: null, problem: null };
  try {
    const prepared = await prepareRun(ctx, alert.projectId, {
      pipelineId: policy.pipelineId,
      parameters: retrainingParameters(policy.rules, alert.windowStart),
      ...(!options.startedByPerson && { trigger: `Retraining policy v${policy.version} after alert #${alert.number}` }),
    });
    return { policyId: policy.id, prepared, problem: null };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { policyId: policy.id, prepared: null, problem: `The pipeline cannot be started. ${error.message}` };
  }
}

const POLICY_CHANGED = "policy_changed";

export function policyChanged(): AppError {
  return new AppError("conflict", POLICY_CHANGED, "The retraining policy was changed at the same moment. Try again.");
}

/** Prepares and acts; where the policy changed in between, once more with the new one. */
export async function whileReady<R, T>(prepare: () => Promise<R>, act: (readiness: R) => Promise<T>): Promise<T> {
  try {
    return await act(await prepare());
  } catch (error) {
    if (!(error instanceof AppError) || error.reason !== POLICY_CHANGED) throw error;
    return act(await prepare());
  }
}
