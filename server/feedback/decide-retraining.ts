import { and, desc, eq, gt, sql } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { retrainingPolicies, retrainingTriggers } from "@/db/schema/feedback";
import {
  budgetSince,
  type RetrainingDecision,
  type RetrainingFacts,
  retrainingDecision,
} from "@/domain/feedback/retraining";
import type { LineageNode } from "@/domain/lineage/types";
import type { Caller } from "../audit/audit-caller";
import { authorize, type Scope, systemActor } from "../authz/authorize";
import { insertRun, type PreparedRun, type StartedRun } from "../pipelines/start-run";
import type { Alert } from "./record";
import { policyChanged, type Readiness, type RetrainingPolicy } from "./retraining-readiness";

/** Takes the policy in force, so that two findings of one model do not both spend the last run of its budget. */
async function lockPolicy(tx: Transaction, alert: Alert, readiness: Readiness): Promise<RetrainingPolicy | null> {
  const [policy] = await tx
    .select()
    .from(retrainingPolicies)
    .where(and(eq(retrainingPolicies.modelId, alert.modelId), eq(retrainingPolicies.projectId, alert.projectId)))
    .orderBy(desc(retrainingPolicies.version))
    .limit(1)
    .for("no key update");
  if ((policy?.id ?? null) !== readiness.policyId) throw policyChanged();
  return policy ?? null;
}

async function startsOf(tx: Transaction, modelId: string, now: Date) {
  const [row] = await tx
    .select({
      last: sql<string | null>`max(${retrainingTriggers.startedAt})`,
      lately: sql<number>`(count(*) filter (where ${gt(retrainingTriggers.startedAt, budgetSince(now))}))::int`,
    })
    .from(retrainingTriggers)
    .where(and(eq(retrainingTriggers.modelId, modelId), eq(retrainingTriggers.decision, "started")));
  return { lastStartedAt: row?.last ? new Date(row.last) : null, startedLately: row?.lately ?? 0 };
}

export type Decided = RetrainingDecision & { readonly policyId: string | null };

/** Decides under the policy's lock whether the alert's finding starts a retraining now. */
export async function decideRetraining(
  tx: Transaction,
  { ctx }: Pick<Caller, "ctx">,
  about: { readonly alert: Alert; readonly readiness: Readiness; readonly answer: RetrainingFacts["answer"] },
): Promise<Decided> {
  const { alert, readiness, answer } = about;
  const now = ctx.clock();
  const policy = await lockPolicy(tx, alert, readiness);
  const decided = retrainingDecision({
    isQuality: alert.checkKind === "quality",
    policy,
    answer,
    ...(await startsOf(tx, alert.modelId, now)),
    problem: readiness.problem,
    now,
  });
  return { ...decided, policyId: policy?.id ?? null };
}

export function triggerNode(trigger: { readonly id: string; readonly model: string }): LineageNode {
  return { kind: "retraining_trigger", reference: trigger.id, label: `Retraining of ${trigger.model}` };
}

/** The product as the starter of a run: a policy is nobody. */
export async function policyScope(tx: Transaction, projectId: string): Promise<Scope<"pipelines.run">> {
  return authorize({ db: tx }, systemActor("Countersign"), "pipelines.run", projectId);
}

/** Writes the run of a retraining with its trigger as the cause, in the transaction that decided it. */
export async function insertRetrainingRun(
  tx: Transaction,
  ctx: Caller["ctx"],
  run: {
    readonly scope: Scope<"pipelines.run">;
    readonly prepared: PreparedRun | null;
    readonly cause: LineageNode;
  },
): Promise<StartedRun> {
  if (!run.prepared) throw new Error("A retraining was decided that was not prepared.");
  return insertRun({ ctx, scope: run.scope, tx }, { ...run.prepared, causes: [run.cause] });
}
