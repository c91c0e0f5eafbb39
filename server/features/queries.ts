import { and, desc, eq, inArray } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { datasets, datasetVersions } from "@/db/schema/data";
import { featureViews, featureViewVersions, materializations } from "@/db/schema/features";
import { users } from "@/db/schema/identity";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { type View, versionsOf, viewNamed } from "./record";
import { approvalsOf, signersIn } from "./signatures";
import { usesOf } from "./view-uses";

const MOST_COPIES = 20;

/** Feature views by name, each with its newest version, the newest that is signed, and how far its online values reach. */
export async function listViews(ctx: ServiceContext, scope: Scope<"features.read">) {
  const views = await ctx.db
    .select({ id: featureViews.id, name: featureViews.name, dataset: datasets.name, createdAt: featureViews.createdAt })
    .from(featureViews)
    .innerJoin(datasets, eq(datasets.id, featureViews.datasetId))
    .where(eq(featureViews.projectId, scope.projectId))
    .orderBy(featureViews.name);
  const [versions, online] = await Promise.all([
    Promise.all(views.map((view) => versionsOf(ctx.db, view.id))),
    newestCopies(
      ctx.db,
      views.map((view) => view.id),
    ),
  ]);
  return views.map((view, index) => {
    const [newest] = versions[index] ?? [];
    const signed = versions[index]?.find((version) => version.isSigned);
    return {
      ...view,
      newest: newest
        ? {
            version: newest.version,
            columns: newest.definition.columns.length,
            entityColumns: newest.definition.entityColumns,
            approvalState: newest.approvalState,
            createdAt: newest.createdAt,
          }
        : null,
      signedVersion: signed?.version ?? null,
      online: online.get(view.id) ?? null,
    };
  });
}

/** The last copy of each view that succeeded. */
async function newestCopies(db: Executor, viewIds: readonly string[]) {
  if (viewIds.length === 0) return new Map<string, never>();
  const rows = await db
    .selectDistinctOn([featureViewVersions.viewId], {
      viewId: featureViewVersions.viewId,
      version: featureViewVersions.version,
      rows: materializations.snapshotRows,
      watermark: materializations.watermark,
      finishedAt: materializations.finishedAt,
    })
    .from(materializations)
    .innerJoin(featureViewVersions, eq(featureViewVersions.id, materializations.viewVersionId))
    .where(and(inArray(featureViewVersions.viewId, [...viewIds]), eq(materializations.state, "succeeded")))
    .orderBy(featureViewVersions.viewId, desc(materializations.finishedAt));
  return new Map(rows.map(({ viewId, ...row }) => [viewId, row]));
}

/** Everything that the page of a view shows: versions with signatures, what uses them, copies to the online table. */
export async function getView(ctx: ServiceContext, scope: Scope<"features.read">, name: string) {
  const view = await viewNamed(ctx.db, scope.projectId, name);
  const [[data], versions, copies, signers, uses] = await Promise.all([
    newestData(ctx.db, view),
    versionsOf(ctx.db, view.id),
    copiesOf(ctx.db, view),
    signersIn(ctx.db, scope.projectId),
    usesOf(ctx.db, scope.projectId, { viewId: view.id, name: view.name }),
  ]);
  const [approvals, authors] = await Promise.all([
    approvalsOf(
      ctx.db,
      versions.map((version) => version.approvalId),
    ),
    ctx.db
      .select({ id: users.id, name: users.name })
      .from(users)
      .where(inArray(users.id, [...new Set(versions.map((version) => version.createdBy))])),
  ]);
  return {
    id: view.id,
    name: view.name,
    dataset: data
      ? { name: data.name, version: data.version, versionId: data.versionId, schema: data.schema }
      : { name: versions[0]?.definition.dataset ?? "", version: null, versionId: null, schema: [] },
    versions: versions.map(({ approvalId, createdBy, ...version }) => ({
      ...version,
      author: { id: createdBy, name: authors.find((author) => author.id === createdBy)?.name ?? "Somebody" },
      approval: approvals.get(approvalId) ?? null,
    })),
    copies,
    signers,
    uses,
    /** The roles that the caller holds now, so that the page decides by the rule that the server decides by. */
    myRoles: scope.roles,
  };
}

function newestData(db: Executor, view: View) {
  return db
    .select({
      name: datasets.name,
      version: datasetVersions.version,
      versionId: datasetVersions.id,
      schema: datasetVersions.schema,
    })
    .from(datasets)
    .innerJoin(datasetVersions, eq(datasetVersions.datasetId, datasets.id))
    .where(eq(datasets.id, view.datasetId))
    .orderBy(desc(datasetVersions.version))
    .limit(1);
}

function copiesOf(db: Executor, view: View) {
  return db
    .select({
      id: materializations.id,
      version: featureViewVersions.version,
      state: materializations.state,
      trigger: materializations.trigger,
      startedBy: users.name,
      dataset: datasets.name,
      datasetVersion: datasetVersions.version,
      snapshotRows: materializations.snapshotRows,
      writtenRows: materializations.writtenRows,
      watermark: materializations.watermark,
      parity: materializations.parity,
      reason: materializations.reason,
      createdAt: materializations.createdAt,
      startedAt: materializations.startedAt,
      finishedAt: materializations.finishedAt,
    })
    .from(materializations)
    .innerJoin(featureViewVersions, eq(featureViewVersions.id, materializations.viewVersionId))
    .innerJoin(datasetVersions, eq(datasetVersions.id, materializations.datasetVersionId))
    .innerJoin(datasets, eq(datasets.id, datasetVersions.datasetId))
    .leftJoin(users, eq(users.id, materializations.startedBy))
    .where(eq(featureViewVersions.viewId, view.id))
    .orderBy(desc(materializations.createdAt), desc(materializations.id))
    .limit(MOST_COPIES);
}
