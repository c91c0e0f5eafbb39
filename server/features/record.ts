import { and, desc, eq } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { approvals } from "@/db/schema/approvals";
import { datasets, datasetVersions } from "@/db/schema/data";
import { featureViews, featureViewVersions } from "@/db/schema/features";
import { AppError } from "@/domain/errors";
import type { Caller } from "../audit/audit-caller";
import { authorize, systemActor } from "../authz/authorize";
import type { ServiceContext } from "../context";

/** The product itself as the caller: what a workflow does is recorded in this name. */
export async function systemCaller(ctx: ServiceContext, projectId: string): Promise<Caller> {
  return { ctx, scope: await authorize(ctx, systemActor("Countersign"), "features.run_production", projectId) };
}

export type View = typeof featureViews.$inferSelect;

/** A version of a view with its view, its dataset and whether both signatures are there. */
export async function loadVersion(db: Executor, projectId: string, viewVersionId: string) {
  const [row] = await db
    .select({ version: featureViewVersions, view: featureViews, approvalState: approvals.state })
    .from(featureViewVersions)
    .innerJoin(featureViews, eq(featureViews.id, featureViewVersions.viewId))
    .innerJoin(approvals, eq(approvals.id, featureViewVersions.approvalId))
    .where(and(eq(featureViewVersions.id, viewVersionId), eq(featureViewVersions.projectId, projectId)));
  if (!row) throw new AppError("not_found", "feature_view_version", "There is no such version of a feature view.");
  return { ...row, isSigned: row.approvalState === "approved" };
}

/** Versions of a view, newest first, each with whether it is signed. */
export async function versionsOf(db: Executor, viewId: string) {
  const rows = await db
    .select({ version: featureViewVersions, approvalState: approvals.state })
    .from(featureViewVersions)
    .innerJoin(approvals, eq(approvals.id, featureViewVersions.approvalId))
    .where(eq(featureViewVersions.viewId, viewId))
    .orderBy(desc(featureViewVersions.version));
  return rows.map(({ version, approvalState }) => ({
    ...version,
    approvalState,
    isSigned: approvalState === "approved",
  }));
}

/** The view of a name in the project. */
export async function viewNamed(db: Executor, projectId: string, name: string): Promise<View> {
  const [view] = await db
    .select()
    .from(featureViews)
    .where(and(eq(featureViews.projectId, projectId), eq(featureViews.name, name)));
  if (!view) throw new AppError("not_found", "feature_view", `There is no feature view ${name}.`);
  return view;
}

/** The newest version of a dataset with the dataset's name; null where it has none. */
export async function newestDatasetVersion(db: Executor, datasetId: string) {
  const [found] = await db
    .select({ dataset: datasets, version: datasetVersions })
    .from(datasetVersions)
    .innerJoin(datasets, eq(datasets.id, datasetVersions.datasetId))
    .where(eq(datasetVersions.datasetId, datasetId))
    .orderBy(desc(datasetVersions.version))
    .limit(1);
  return found ?? null;
}
