import { desc, eq } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { featureViewVersions } from "@/db/schema/features";
import { viewVersionName } from "@/domain/features/view-reference";
import type { LineageNode } from "@/domain/lineage/types";
import type { Caller } from "../audit/audit-caller";
import { recordImpactReport } from "../lineage/record-impact-report";

type Saved = {
  readonly id: string;
  readonly viewId: string;
  readonly viewName: string;
  readonly version: number;
  readonly createdBy: string;
};

/** Keeps what hung on the earlier versions of a view when a new one was saved. Called before the new one is written. */
export async function reportImpact(tx: Transaction, { ctx, scope }: Caller, saved: Saved): Promise<void> {
  const earlier = await tx
    .select({ id: featureViewVersions.id, version: featureViewVersions.version })
    .from(featureViewVersions)
    .where(eq(featureViewVersions.viewId, saved.viewId))
    .orderBy(desc(featureViewVersions.version));
  const [before] = earlier;
  const name = viewVersionName(saved.viewName, saved.version);
  await recordImpactReport(tx, {
    projectId: scope.projectId,
    subject: { kind: "feature_view", reference: saved.id, label: name },
    change: before ? `${viewVersionName(saved.viewName, before.version)} to v${saved.version}` : `${name}, the first`,
    roots: earlier.map(
      ({ id, version }): LineageNode => ({
        kind: "feature_view",
        reference: id,
        label: viewVersionName(saved.viewName, version),
      }),
    ),
    createdBy: saved.createdBy,
    at: ctx.clock(),
  });
}
