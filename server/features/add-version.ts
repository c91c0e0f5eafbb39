import { and, eq, inArray } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { approvals } from "@/db/schema/approvals";
import { featureViewVersions } from "@/db/schema/features";
import { VIEW_DEADLINE_MS, VIEW_POLICY, VIEW_SIGNERS } from "@/domain/features/policy";
import type { FeatureDefinition } from "@/domain/features/types";
import { viewVersionName } from "@/domain/features/view-reference";
import { closeApproval } from "../approvals/close-approval";
import { openApproval } from "../approvals/open-approval";
import { setEvidence } from "../approvals/set-evidence";
import type { Caller } from "../audit/audit-caller";
import { canonicalDigest } from "../blobs/digest";
import { newId } from "../ids";
import { recordLineage } from "../lineage/record-lineage";
import { notifySigners } from "./notify-signers";
import { reportImpact } from "./report-impact";

export type NewVersion = {
  readonly viewId: string;
  readonly version: number;
  readonly definition: FeatureDefinition;
  readonly createdBy: string;
  /** The dataset version on which the definition was checked. */
  readonly data: { readonly id: string; readonly version: number };
};

/**
 * Adds an immutable version and opens its approval at once: the evidence is the definition's own canonical text, so
 * there is nothing to compute. An older version that still waits is superseded and takes no further signature.
 */
export async function addVersion(tx: Transaction, caller: Caller, added: NewVersion) {
  const { ctx, scope } = caller;
  const { viewId, version, definition, createdBy } = added;
  const { text, digest } = canonicalDigest(definition);
  const name = viewVersionName(definition.name, version);
  const id = newId();
  const at = ctx.clock();
  await supersede(tx, viewId, at);
  await reportImpact(tx, caller, { id, viewId, viewName: definition.name, version, createdBy });
  const approvalId = await openApproval(tx, {
    projectId: scope.projectId,
    subject: { kind: "feature_view", id, digest },
    target: `${name} in production`,
    policyVersion: VIEW_POLICY,
    requiredRoles: VIEW_SIGNERS,
    barred: [],
    openedBy: createdBy,
    createdAt: at,
    deadlineAt: new Date(at.getTime() + VIEW_DEADLINE_MS),
  });
  await setEvidence(tx, {
    approvalId,
    evidenceDigest: digest,
    policyVersion: VIEW_POLICY,
    requiredRoles: VIEW_SIGNERS,
    openRules: [],
    blockingRules: [],
    barred: [],
    at,
  });
  await tx.insert(featureViewVersions).values({
    id,
    projectId: scope.projectId,
    viewId,
    version,
    definition,
    definitionText: text,
    digest,
    approvalId,
    createdBy,
    createdAt: at,
  });
  await recordLineage(tx, scope.projectId, [
    {
      from: {
        kind: "dataset_version",
        reference: added.data.id,
        label: `${definition.dataset} v${added.data.version}`,
      },
      to: { kind: "feature_view", reference: id, label: name },
      kind: "derived_from",
    },
  ]);
  await notifySigners(tx, scope.projectId, { viewVersionId: id, name, approvalId });
  return { id, version, digest, approvalId };
}

async function supersede(tx: Transaction, viewId: string, at: Date): Promise<void> {
  const open = await tx
    .select({ id: approvals.id })
    .from(approvals)
    .innerJoin(featureViewVersions, eq(featureViewVersions.approvalId, approvals.id))
    .where(and(eq(featureViewVersions.viewId, viewId), inArray(approvals.state, ["preparing", "open"])))
    .for("no key update", { of: approvals });
  for (const { id } of open) await closeApproval(tx, id, { state: "withdrawn", at });
}
