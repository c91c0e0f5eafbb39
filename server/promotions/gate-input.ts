import { and, desc, eq, inArray, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { datasets, datasetVersions, validationReports } from "@/db/schema/data";
import { modelVersions } from "@/db/schema/registry";
import { AppError } from "@/domain/errors";
import type { GateInput, Measured } from "@/domain/promotions/gate";
import type { PolicyRules } from "@/domain/promotions/types";
import type { ServiceContext } from "../context";
import { countSharedRows } from "../data/shared-rows";
import { evaluateModel } from "../serving/evaluate-model";
import { readEvaluatedRows } from "../serving/evaluated-rows";

export type InputVersion = {
  readonly id: string;
  readonly name: string;
  readonly digest: string;
  readonly rows: number;
  readonly hasPassedValidation: boolean | null;
};

/**
 * Ids of the dataset versions above a node in the lineage. What made people or a policy start a run ("triggered") is
 * not data of the run: an alert lies below the hold-out on which the earlier version was judged.
 */
export async function datasetVersionsAbove(
  db: Executor,
  projectId: string,
  node: { readonly kind: "model_version" | "experiment_run"; readonly reference: string },
): Promise<readonly string[]> {
  const found = await db.execute<{ reference: string }>(sql`
    with recursive above (id) as (
      select id from lineage_nodes
      where project_id = ${projectId} and kind = ${node.kind} and reference = ${node.reference}
      union
      select e.from_id from above a join lineage_edges e
        on e.project_id = ${projectId} and e.to_id = a.id and e.kind <> 'triggered'
    )
    select n.reference from above a join lineage_nodes n on n.id = a.id where n.kind = 'dataset_version'`);
  return found.map((row) => row.reference);
}

/** Dataset versions above a model version in the lineage, with the verdict of each one's newest validation. */
export async function inputsOf(
  db: Executor,
  projectId: string,
  modelVersionId: string,
): Promise<readonly InputVersion[]> {
  const node = { kind: "model_version", reference: modelVersionId } as const;
  const ids = [...(await datasetVersionsAbove(db, projectId, node))];
  if (ids.length === 0) return [];
  const [versions, reports] = await Promise.all([
    db
      .select({
        id: datasetVersions.id,
        name: datasets.name,
        version: datasetVersions.version,
        digest: datasetVersions.digest,
        rows: datasetVersions.rows,
      })
      .from(datasetVersions)
      .innerJoin(datasets, eq(datasets.id, datasetVersions.datasetId))
      .where(and(inArray(datasetVersions.id, ids), eq(datasetVersions.projectId, projectId)))
      .orderBy(datasets.name, datasetVersions.version),
    db
      .selectDistinctOn([validationReports.datasetVersionId], {
        datasetVersionId: validationReports.datasetVersionId,
        hasPassed: validationReports.hasPassed,
      })
      .from(validationReports)
      .where(inArray(validationReports.datasetVersionId, ids))
      .orderBy(validationReports.datasetVersionId, desc(validationReports.createdAt)),
  ]);
  const passed = new Map(reports.map((report) => [report.datasetVersionId, report.hasPassed]));
  return versions.map(({ version, ...row }) => ({
    ...row,
    name: `${row.name} v${version}`,
    hasPassedValidation: passed.get(row.id) ?? null,
  }));
}

/** Why something could not be measured, as a sentence; a fault that is not an expected refusal is thrown on and tried again. */
function reasonOf(error: unknown): string {
  if (error instanceof AppError) return error.message;
  throw error;
}

/** Runs the registered file on the hold-out, or reads the run that exists for the same two digests. */
async function measure(
  ctx: ServiceContext,
  projectId: string,
  run: { readonly modelVersionId: string; readonly rules: PolicyRules },
): Promise<Measured> {
  try {
    const evaluation = await evaluateModel(ctx, {
      projectId,
      modelVersionId: run.modelVersionId,
      datasetVersionId: run.rules.holdoutDatasetVersionId,
      target: run.rules.target,
    });
    const rows = await readEvaluatedRows(ctx, evaluation.predictionsSha256);
    return { kind: "measured", metrics: evaluation.result.metrics, rows };
  } catch (error) {
    return { kind: "failed", reason: reasonOf(error) };
  }
}

async function sharedWith(
  ctx: ServiceContext,
  holdoutId: string,
  inputs: readonly InputVersion[],
): Promise<GateInput["inputs"]> {
  try {
    const { others } = await countSharedRows(
      ctx,
      holdoutId,
      inputs.map(({ id }) => id),
    );
    const shared = new Map(others.map((other) => [other.datasetVersionId, other.shared]));
    return inputs.map((input) => ({ ...input, sharedRows: shared.get(input.id) ?? null, problem: null }));
  } catch (error) {
    const problem = reasonOf(error);
    return inputs.map((input) => ({ ...input, sharedRows: null, problem }));
  }
}

export type GateSubject = {
  readonly projectId: string;
  readonly modelVersionId: string;
  readonly version: number;
  readonly baseline: { readonly id: string; readonly version: number } | null;
  readonly rules: PolicyRules;
  readonly environment: GateInput["environment"];
  readonly order: GateInput["order"];
  readonly review: GateInput["review"];
  readonly inputs: readonly InputVersion[];
};

/** Measures everything that the verdicts follow from. Long: it runs models. Nothing is locked meanwhile. */
export async function gateInputFor(
  ctx: ServiceContext,
  subject: GateSubject,
): Promise<{ readonly input: GateInput; readonly holdoutDigest: string | null }> {
  const { projectId, rules, baseline, version, environment, order, review } = subject;
  const [holdout] = await ctx.db
    .select({
      name: datasets.name,
      version: datasetVersions.version,
      rows: datasetVersions.rows,
      digest: datasetVersions.digest,
    })
    .from(datasetVersions)
    .innerJoin(datasets, eq(datasets.id, datasetVersions.datasetId))
    .where(eq(datasetVersions.id, rules.holdoutDatasetVersionId));
  const inputs = await sharedWith(ctx, rules.holdoutDatasetVersionId, subject.inputs);
  const candidate = await measure(ctx, projectId, { modelVersionId: subject.modelVersionId, rules });
  const current =
    baseline && rules.isComparedWithCurrent
      ? { version: baseline.version, measured: await measure(ctx, projectId, { modelVersionId: baseline.id, rules }) }
      : null;
  return {
    input: {
      rules,
      environment,
      version,
      order,
      review,
      candidate,
      current,
      inputs,
      holdout: holdout ? `${holdout.name} v${holdout.version}, ${holdout.rows.toLocaleString("en")} rows` : "hold-out",
    },
    holdoutDigest: holdout?.digest ?? null,
  };
}

/** The version number of a model version that serves; null where there is none. */
export async function versionNumberOf(db: Executor, modelVersionId: string | null) {
  if (modelVersionId === null) return null;
  const [row] = await db
    .select({ id: modelVersions.id, version: modelVersions.version, digest: modelVersions.onnxSha256 })
    .from(modelVersions)
    .where(eq(modelVersions.id, modelVersionId));
  return row ?? null;
}
