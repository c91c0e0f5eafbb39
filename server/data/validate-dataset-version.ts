import { and, desc, eq } from "drizzle-orm";
import { checkSets, datasets, datasetVersions, validationReports } from "@/db/schema/data";
import type { CheckResult } from "@/domain/data/types";
import { AppError } from "@/domain/errors";
import type { LineageEdge, LineageNode } from "@/domain/lineage/types";
import { writeAudit } from "../audit/write-audit";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { newId } from "../ids";
import { recordLineage } from "../lineage/record-lineage";
import { publishEvent } from "../notifications/publish-event";
import { withDuckDb } from "./duckdb";
import { runChecks } from "./run-checks";
import { literal } from "./sql-text";

export type ValidationOutcome = {
  readonly reportId: string;
  readonly datasetVersionId: string;
  readonly checkSetId: string;
  readonly checkSetVersion: number;
  readonly hasPassed: boolean;
  readonly results: readonly CheckResult[];
};

/**
 * Runs the newest checks of the dataset on one of its versions and keeps the report. Called by a person's
 * request (then with the scope, and audited) and by the built-in step `validate` (then with the run). Throws `precondition_failed`, `no_checks`
 * where the dataset has none: a validation of nothing proves nothing.
 */
export async function validateDatasetVersion(
  ctx: ServiceContext,
  input: {
    readonly projectId: string;
    readonly datasetVersionId: string;
    readonly runId?: string;
    readonly scope?: Scope<"data.import">;
  },
): Promise<ValidationOutcome> {
  const { version, dataset } = await versionIn(ctx, input);
  const [checkSet] = await ctx.db
    .select()
    .from(checkSets)
    .where(eq(checkSets.datasetId, dataset.id))
    .orderBy(desc(checkSets.version))
    .limit(1);
  if (!checkSet || checkSet.checks.length === 0)
    throw new AppError("precondition_failed", "no_checks", `The dataset ${dataset.name} has no checks.`);
  const file = await ctx.blobs.localPath(version.parquetSha256);
  const results = await withDuckDb({ files: [file] }, (session) =>
    runChecks(session, `read_parquet(${literal(file)})`, { schema: version.schema, checks: checkSet.checks }),
  );
  const hasPassed = results.every((result) => result.verdict === "pass");
  const reportId = newId();
  await ctx.db.transaction(async (tx) => {
    await tx.insert(validationReports).values({
      id: reportId,
      projectId: input.projectId,
      datasetVersionId: version.id,
      checkSetId: checkSet.id,
      runId: input.runId ?? null,
      hasPassed,
      results,
      createdAt: ctx.clock(),
    });
    await recordLineage(
      tx,
      input.projectId,
      lineageOf({ reportId, hasPassed, dataset: dataset.name, version, ...(input.runId && { runId: input.runId }) }),
    );
    if (input.scope) {
      await writeAudit(tx, {
        actor: input.scope.actor,
        organisationId: input.scope.organisationId,
        projectId: input.projectId,
        action: "data.validated",
        entity: { kind: "dataset_version", id: version.id },
        summary: `ran the checks of ${dataset.name} on v${version.version}: ${hasPassed ? "passed" : "failed"}`,
        details: { reportId, checkSetVersion: checkSet.version, hasPassed },
        requestId: ctx.requestId,
        at: ctx.clock(),
      });
    }
    await publishEvent(tx, input.projectId, "data", dataset.id);
  });
  return {
    reportId,
    datasetVersionId: version.id,
    checkSetId: checkSet.id,
    checkSetVersion: checkSet.version,
    hasPassed,
    results,
  };
}

async function versionIn(
  ctx: ServiceContext,
  input: { readonly projectId: string; readonly datasetVersionId: string },
) {
  const [found] = await ctx.db
    .select({ version: datasetVersions, dataset: datasets })
    .from(datasetVersions)
    .innerJoin(datasets, eq(datasets.id, datasetVersions.datasetId))
    .where(and(eq(datasetVersions.id, input.datasetVersionId), eq(datasetVersions.projectId, input.projectId)));
  if (!found) throw new AppError("not_found", "dataset_version", "There is no such dataset version.");
  return found;
}

function lineageOf(fact: {
  readonly reportId: string;
  readonly hasPassed: boolean;
  readonly dataset: string;
  readonly version: { readonly id: string; readonly version: number };
  readonly runId?: string;
}): readonly LineageEdge[] {
  const from: LineageNode = {
    kind: "dataset_version",
    reference: fact.version.id,
    label: `${fact.dataset} v${fact.version.version}`,
  };
  const to: LineageNode = {
    kind: "validation_report",
    reference: fact.reportId,
    label: fact.hasPassed ? "checks passed" : "checks failed",
  };
  return [{ from, to, kind: "validated_by", ...(fact.runId && { runId: fact.runId }) }];
}
