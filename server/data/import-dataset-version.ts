import path from "node:path";
import type { Readable } from "node:stream";
import { and, desc, eq } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { datasets, datasetVersions } from "@/db/schema/data";
import type { ImportOptions } from "@/domain/data/contracts";
import type { ColumnSchema } from "@/domain/data/types";
import { AppError } from "@/domain/errors";
import { writeAudit } from "../audit/write-audit";
import { userIdOf } from "../authz/actor";
import type { Scope } from "../authz/authorize";
import { canonicalDigest } from "../blobs/digest";
import type { StoredBlob } from "../blobs/store";
import type { ServiceContext } from "../context";
import { refreshAfterImport } from "../features/refresh-after-import";
import { newId } from "../ids";
import { recordLineage } from "../lineage/record-lineage";
import { publishEvent } from "../notifications/publish-event";
import { type BuiltTable, buildParquet } from "./build-parquet";
import { receiveCsv, type ScannedCsv } from "./read-csv";
import { withScratch } from "./scratch";

export type ImportRequest = {
  readonly dataset: string;
  readonly sourceName: string;
  readonly options: ImportOptions;
  /** Accepts a file that lacks columns of the version before it. */
  readonly allowMissingColumns: boolean;
  readonly source: Readable;
};

export type ImportedVersion = {
  readonly id: string;
  readonly datasetId: string;
  readonly version: number;
  readonly digest: string;
  readonly rows: number;
  readonly isNew: boolean;
};

type Dataset = typeof datasets.$inferSelect;
type Ready = {
  readonly dataset: Dataset;
  readonly request: ImportRequest;
  readonly scanned: ScannedCsv;
  readonly table: BuiltTable;
  readonly parquet: StoredBlob;
  readonly digest: string;
  readonly importOptions: string;
};

/**
 * Imports CSV bytes as an immutable version of a dataset. The digest is over the source bytes and the options:
 * the same again answers with the version that exists (`isNew: false`). Nothing is kept of a file that is refused.
 */
export async function importDatasetVersion(
  ctx: ServiceContext,
  scope: Scope<"data.import">,
  request: ImportRequest,
): Promise<ImportedVersion> {
  const dataset = await datasetNamed(ctx, scope.projectId, request.dataset);
  return withScratch(ctx, async (folder) => {
    const csv = path.join(folder, "source.csv");
    const { delimiter, header } = request.options;
    const scanned = await receiveCsv(request.source, csv, {
      limitBytes: ctx.config.uploadLimitBytes,
      delimiter,
      hasHeader: header,
    });
    const { text: importOptions } = canonicalDigest(request.options);
    const { digest } = canonicalDigest({ source: scanned.sha256, options: request.options });
    const known = await versionByDigest(ctx, dataset.id, digest);
    if (known) return known;
    const parquetFile = path.join(folder, "table.parquet");
    const table = await buildParquet({ folder, csv, parquet: parquetFile, scanned, options: request.options });
    await assertColumnsKept(ctx, dataset.id, { schema: table.schema, isAllowed: request.allowMissingColumns });
    await ctx.blobs.putFile(csv);
    const parquet = await ctx.blobs.putFile(parquetFile);
    return ctx.db.transaction((tx) =>
      insertVersion(tx, ctx, scope, { dataset, request, scanned, table, parquet, digest, importOptions }),
    );
  });
}

async function datasetNamed(ctx: ServiceContext, projectId: string, name: string): Promise<Dataset> {
  const [dataset] = await ctx.db
    .select()
    .from(datasets)
    .where(and(eq(datasets.projectId, projectId), eq(datasets.name, name)));
  if (!dataset) throw new AppError("not_found", "dataset", `There is no dataset ${name}. Create it first.`);
  return dataset;
}

async function versionByDigest(
  ctx: Pick<ServiceContext, "db"> | { readonly db: Transaction },
  datasetId: string,
  digest: string,
): Promise<ImportedVersion | null> {
  const [known] = await ctx.db
    .select({ id: datasetVersions.id, version: datasetVersions.version, rows: datasetVersions.rows })
    .from(datasetVersions)
    .where(and(eq(datasetVersions.datasetId, datasetId), eq(datasetVersions.digest, digest)));
  return known ? { ...known, datasetId, digest, isNew: false } : null;
}

/** A column that was there before and is gone is most often a wrong file. */
async function assertColumnsKept(
  ctx: ServiceContext,
  datasetId: string,
  found: { readonly schema: readonly ColumnSchema[]; readonly isAllowed: boolean },
): Promise<void> {
  if (found.isAllowed) return;
  const [last] = await ctx.db
    .select({ version: datasetVersions.version, schema: datasetVersions.schema })
    .from(datasetVersions)
    .where(eq(datasetVersions.datasetId, datasetId))
    .orderBy(desc(datasetVersions.version))
    .limit(1);
  const names = new Set(found.schema.map((column) => column.name));
  const missing = (last?.schema ?? []).filter((column) => !names.has(column.name)).map((column) => column.name);
  if (last && missing.length > 0) {
    const which = missing.length === 1 ? `the column ${missing[0]}` : `the columns ${missing.join(", ")}`;
    throw new AppError(
      "invalid_input",
      "missing_column",
      `The file lacks ${which}, which version ${last.version} has.`,
      { missing },
    );
  }
}

async function insertVersion(
  tx: Transaction,
  ctx: ServiceContext,
  scope: Scope<"data.import">,
  ready: Ready,
): Promise<ImportedVersion> {
  const createdBy = userIdOf(scope.actor);
  if (!createdBy) throw new AppError("forbidden", "person_needed", "Only a person or a service account imports data.");
  const { dataset, scanned, table, digest } = ready;
  await tx.select({ id: datasets.id }).from(datasets).where(eq(datasets.id, dataset.id)).for("no key update");
  const raced = await versionByDigest({ db: tx }, dataset.id, digest);
  if (raced) return raced;
  const [last] = await tx
    .select({ version: datasetVersions.version })
    .from(datasetVersions)
    .where(eq(datasetVersions.datasetId, dataset.id))
    .orderBy(desc(datasetVersions.version))
    .limit(1);
  const id = newId();
  const version = (last?.version ?? 0) + 1;
  await tx.insert(datasetVersions).values({
    id,
    projectId: scope.projectId,
    datasetId: dataset.id,
    version,
    digest,
    sourceSha256: scanned.sha256,
    parquetSha256: ready.parquet.sha256,
    sourceName: ready.request.sourceName,
    importOptions: ready.importOptions,
    rows: table.rows,
    bytes: scanned.bytes,
    schema: table.schema,
    profile: table.profile,
    createdBy,
    createdAt: ctx.clock(),
  });
  await writeAudit(tx, {
    actor: scope.actor,
    organisationId: scope.organisationId,
    projectId: scope.projectId,
    action: "data.version_imported",
    entity: { kind: "dataset_version", id },
    summary: `imported ${dataset.name} v${version} (${table.rows} rows)`,
    details: {
      dataset: dataset.name,
      version,
      digest,
      sourceSha256: scanned.sha256,
      sourceName: ready.request.sourceName,
      rows: table.rows,
    },
    requestId: ctx.requestId,
    at: ctx.clock(),
  });
  await recordLineage(tx, scope.projectId, [
    {
      from: { kind: "artifact", reference: scanned.sha256, label: ready.request.sourceName },
      to: { kind: "dataset_version", reference: id, label: `${dataset.name} v${version}` },
      kind: "produced",
    },
  ]);
  await refreshAfterImport(tx, { ctx, scope }, { datasetId: dataset.id, datasetVersionId: id });
  await publishEvent(tx, scope.projectId, "data", dataset.id);
  return { id, datasetId: dataset.id, version, digest, rows: table.rows, isNew: true };
}
