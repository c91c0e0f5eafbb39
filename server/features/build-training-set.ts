import path from "node:path";
import { and, eq } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { datasets, datasetVersions } from "@/db/schema/data";
import { trainingSets } from "@/db/schema/features";
import { AppError } from "@/domain/errors";
import { chooseVersion } from "@/domain/features/policy";
import type { TrainingSetManifest } from "@/domain/features/types";
import { parseViewReference, viewVersionName } from "@/domain/features/view-reference";
import type { PipelineKind } from "@/domain/pipelines/status";
import type { DatasetPin, DatasetPins } from "@/domain/pipelines/types";
import type { ServiceContext } from "../context";
import { withDuckDb } from "../data/duckdb";
import { withScratch } from "../data/scratch";
import { newId } from "../ids";
import { recordLineage } from "../lineage/record-lineage";
import { publishEvent } from "../notifications/publish-event";
import { joinPointInTime } from "./point-in-time-join";
import { type View, versionsOf, viewNamed } from "./record";
import type { TrainingSet } from "./training-set-of-version";

export type TrainingSetOrder = {
  readonly run: { readonly id: string; readonly projectId: string; readonly label: string; readonly pins: DatasetPins };
  readonly stepKey: string;
  readonly pipeline: PipelineKind;
  /** `daily_weather@latest`. */
  readonly view: string;
  /** The dataset version that the definition names under `dataset`; null where it names none. */
  readonly dataset: DatasetPin | null;
  /** The rows that features are joined to. */
  readonly rows: { readonly sha256: string; readonly datasetVersionId?: string };
  readonly label: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
};

/** The set that an earlier attempt of the same step has made; a step makes one, however often it is tried. */
async function standingSet(db: Executor, order: TrainingSetOrder): Promise<TrainingSet | null> {
  const [found] = await db
    .select()
    .from(trainingSets)
    .where(and(eq(trainingSets.runId, order.run.id), eq(trainingSets.stepKey, order.stepKey)));
  return found ?? null;
}

async function chosenVersion(db: Executor, order: TrainingSetOrder) {
  const reference = parseViewReference(order.view);
  if (!reference)
    throw new AppError("invalid_input", "view", `"${order.view}" names no feature view: write name@version.`);
  const view = await viewNamed(db, order.run.projectId, reference.name);
  const choice = chooseVersion(
    { name: view.name, versions: await versionsOf(db, view.id) },
    { version: reference.version, pipeline: order.pipeline },
  );
  if (choice.refusal) throw new AppError(choice.refusal.code, choice.refusal.reason, choice.refusal.sentence);
  return { view, version: choice.version };
}

/**
 * Which version of the view's dataset is read: the one that the step names, else the one that its rows are, else the
 * one that the run has fixed, else the newest now.
 */
async function sourceVersion(db: Executor, order: TrainingSetOrder, view: View) {
  const candidates = [
    order.dataset?.datasetVersionId,
    order.rows.datasetVersionId,
    ...Object.values(order.run.pins).map((pin) => pin.datasetVersionId),
  ].filter((candidate) => candidate !== undefined);
  const versions = await db
    .select({ version: datasetVersions, dataset: datasets.name })
    .from(datasetVersions)
    .innerJoin(datasets, eq(datasets.id, datasetVersions.datasetId))
    .where(eq(datasetVersions.datasetId, view.datasetId))
    .orderBy(datasetVersions.version);
  const named = candidates.map((id) => versions.find(({ version }) => version.id === id));
  if (order.dataset && !named[0])
    throw new AppError(
      "precondition_failed",
      "other_dataset",
      `${view.name} is a view over ${versions[0]?.dataset ?? "another dataset"}, not over ${order.dataset.dataset}.`,
    );
  const found = named.find((candidate) => candidate !== undefined) ?? versions.at(-1);
  if (!found) throw new AppError("precondition_failed", "no_data", `The dataset of ${view.name} has no version.`);
  return found;
}

type Made = {
  readonly order: TrainingSetOrder;
  readonly chosen: Awaited<ReturnType<typeof chosenVersion>>;
  readonly source: Awaited<ReturnType<typeof sourceVersion>>;
  readonly joined: { readonly rows: number; readonly unmatchedRows: number; readonly labelColumn: string | null };
  readonly stored: { readonly sha256: string; readonly bytes: number };
};

async function manifestOf(db: Executor, { order, chosen, source, joined, stored }: Made): Promise<TrainingSetManifest> {
  const { definition } = chosen.version;
  const { datasetVersionId } = order.rows;
  const [rowsFrom] = datasetVersionId
    ? await db
        .select({ dataset: datasets.name, version: datasetVersions.version })
        .from(datasetVersions)
        .innerJoin(datasets, eq(datasets.id, datasetVersions.datasetId))
        .where(and(eq(datasetVersions.id, datasetVersionId), eq(datasetVersions.projectId, order.run.projectId)))
    : [];
  return {
    view: {
      name: chosen.view.name,
      version: chosen.version.version,
      digest: chosen.version.digest,
      isSigned: chosen.version.isSigned,
    },
    dataset: { name: source.dataset, version: source.version.version, digest: source.version.digest },
    rowsFrom: rowsFrom ?? null,
    rowsSha256: order.rows.sha256,
    label: order.label,
    from: order.from,
    to: order.to,
    timeToLiveSeconds: definition.timeToLiveSeconds,
    entityColumns: definition.entityColumns,
    eventTimeColumn: definition.eventTimeColumn,
    featureColumns: definition.columns.map(({ name }) => name),
    labelColumn: joined.labelColumn,
    rows: joined.rows,
    unmatchedRows: joined.unmatchedRows,
    parquetSha256: stored.sha256,
  };
}

/** Adds the row with its lineage; null where another attempt was faster, whose row stands. */
async function record(ctx: ServiceContext, made: Made): Promise<TrainingSet | null> {
  const { order, chosen, source, joined, stored } = made;
  const { projectId, id: runId } = order.run;
  const manifest = await manifestOf(ctx.db, made);
  return ctx.db.transaction(async (tx) => {
    const [row] = await tx
      .insert(trainingSets)
      .values({
        id: newId(),
        projectId,
        runId,
        stepKey: order.stepKey,
        viewVersionId: chosen.version.id,
        datasetVersionId: source.version.id,
        parquetSha256: stored.sha256,
        bytes: stored.bytes,
        rows: joined.rows,
        unmatchedRows: joined.unmatchedRows,
        entityColumns: [...manifest.entityColumns],
        eventTimeColumn: manifest.eventTimeColumn,
        featureColumns: [...manifest.featureColumns],
        labelColumn: joined.labelColumn,
        manifest,
        createdAt: ctx.clock(),
      })
      .onConflictDoNothing()
      .returning();
    if (!row) return null;
    const name = viewVersionName(chosen.view.name, chosen.version.version);
    const set = {
      kind: "training_set" as const,
      reference: row.id,
      label: `${joined.rows.toLocaleString("en")} rows of ${name}`,
    };
    const data = {
      kind: "dataset_version" as const,
      reference: source.version.id,
      label: `${source.dataset} v${source.version.version}`,
    };
    await recordLineage(tx, projectId, [
      { from: data, to: set, kind: "derived_from", runId },
      {
        from: { kind: "feature_view", reference: chosen.version.id, label: name },
        to: set,
        kind: "derived_from",
        runId,
      },
      {
        from: set,
        to: { kind: "pipeline_run", reference: runId, label: order.run.label },
        kind: "input_of",
        runId,
      },
    ]);
    await publishEvent(tx, projectId, "features", chosen.view.id);
    return row;
  });
}

/**
 * Writes the training set of a `features` step: the given rows, each with the features that were known at its time,
 * and a manifest of every version that went into it. Made once for a run and step; a later attempt is answered with
 * the same. `precondition_failed` (`unsigned`) where a production pipeline names a view without both signatures.
 */
export async function buildTrainingSet(ctx: ServiceContext, order: TrainingSetOrder): Promise<TrainingSet> {
  const standing = await standingSet(ctx.db, order);
  if (standing) return standing;
  const chosen = await chosenVersion(ctx.db, order);
  const source = await sourceVersion(ctx.db, order, chosen.view);
  const [spineFile, sourceFile] = await Promise.all([
    ctx.blobs.localPath(order.rows.sha256),
    ctx.blobs.localPath(source.version.parquetSha256),
  ]);
  const made = await withScratch(ctx, async (folder) => {
    const target = path.join(folder, "training-set.parquet");
    const limits = {
      files: [...new Set([spineFile, sourceFile])],
      folders: [folder],
      timeoutMs: order.timeoutMs,
      signal: order.signal,
    };
    const joined = await withDuckDb(limits, (session) =>
      joinPointInTime(session, {
        definition: chosen.version.definition,
        spineFile,
        sourceFile,
        target,
        label: order.label,
        from: order.from,
        to: order.to,
      }),
    );
    return { joined, stored: await ctx.blobs.putFile(target) };
  });
  const row = (await record(ctx, { order, chosen, source, ...made })) ?? (await standingSet(ctx.db, order));
  if (!row) throw new Error("The training set was not written.");
  return row;
}

/** The manifest as the text of the step's report. */
export function manifestText(set: Pick<TrainingSet, "manifest">): string {
  return `${JSON.stringify(set.manifest, null, 2)}\n`;
}
