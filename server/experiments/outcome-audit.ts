import type { Transaction } from "@/db/client";
import { writeAudit } from "../audit/write-audit";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";

/** What was done, and what was tried where it was refused. */
export type Outcome = {
  readonly entity: { readonly kind: string; readonly id: string };
  /** `experiments.run_deleted`, and `experiments.run_delete_refused`. */
  readonly action: string;
  readonly refusedAction: string;
  /** "deleted the run train #184", and "tried to delete …". */
  readonly summary: string;
  readonly refusedSummary: string;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly refusal: string | null;
};

/** One audit row for an act, whether it was done or refused. */
export async function auditOutcome(
  tx: Transaction,
  ctx: ServiceContext,
  scope: Scope,
  outcome: Outcome,
): Promise<void> {
  const { refusal } = outcome;
  await writeAudit(tx, {
    actor: scope.actor,
    organisationId: scope.organisationId,
    projectId: scope.projectId,
    action: refusal ? outcome.refusedAction : outcome.action,
    entity: outcome.entity,
    summary: refusal ? outcome.refusedSummary : outcome.summary,
    details: { ...outcome.details, ...(refusal && { refusal }) },
    requestId: ctx.requestId,
    at: ctx.clock(),
  });
}
