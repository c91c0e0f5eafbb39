import type { Transaction } from "@/db/client";
import { impactReports } from "@/db/schema/lineage";
import { groupImpact, type ImpactGroup } from "@/domain/lineage/impact";
import type { LineageNode } from "@/domain/lineage/types";
import { canonicalDigest } from "../blobs/digest";
import { newId } from "../ids";
import { consequencesOf } from "./impact";

export type ImpactReport = {
  readonly projectId: string;
  /** The new thing, such as the feature view version that is being saved. */
  readonly subject: LineageNode;
  /** The change as a person would say it: "daily_weather v1 to v2". */
  readonly change: string;
  /** The earlier nodes that the change supersedes; none where nothing came before. */
  readonly roots: readonly LineageNode[];
  /** Who makes the change; null for the system. */
  readonly createdBy: string | null;
  readonly at: Date;
};

/**
 * Writes down what depended on the superseded nodes at the moment of the change, in the change's transaction and
 * before its own rows are in the graph. Once for each subject: a repeated call leaves the first report.
 */
export async function recordImpactReport(
  tx: Transaction,
  report: ImpactReport,
): Promise<{ readonly touched: readonly ImpactGroup[]; readonly digest: string }> {
  const { projectId, subject, change, roots, createdBy, at } = report;
  const { nodes } = await consequencesOf(tx, projectId, roots);
  const groups = groupImpact(nodes.map(({ kind, reference, label }) => ({ kind, reference, label })));
  const touched = groups.flatMap((group) => group.nodes);
  const { digest } = canonicalDigest({ change, roots, touched });
  await tx
    .insert(impactReports)
    .values({
      id: newId(),
      projectId,
      subjectKind: subject.kind,
      subjectReference: subject.reference,
      change,
      roots,
      touched,
      touchedCount: touched.length,
      digest,
      createdBy,
      createdAt: at,
    })
    .onConflictDoNothing();
  return { touched: groups, digest };
}
