import { AppError } from "@/domain/errors";
import { datasetKey, parseDatasetReference, withParameters } from "@/domain/pipelines/references";
import type { ArtifactRef, StepInputs, StepOutputs, StepWork } from "@/domain/pipelines/types";
import type { ServiceContext } from "../context";
import { validateDatasetVersion } from "../data/validate-dataset-version";
import { buildTrainingSet, manifestText } from "../features/build-training-set";
import { registerFromPipeline } from "../registry/register-from-pipeline";
import type { StepFacts } from "./load-step";
import { experimentRunOfStep } from "./queries";
import { pinOf } from "./step-inputs";
import { countOf, failed, type WorkHooks, type WorkResult } from "./step-work";

type BuiltInWork = Extract<StepWork, { kind: "builtin" }>;
type Given = { readonly work: BuiltInWork; readonly inputs: StepInputs; readonly hooks: WorkHooks };

/** What the product does itself inside of a pipeline. */
export function runBuiltIn(ctx: ServiceContext, facts: StepFacts, given: Given): Promise<WorkResult> {
  if (given.work.builtin === "ingest") return ingest(facts, given);
  if (given.work.builtin === "validate") return validate(ctx, facts, given);
  if (given.work.builtin === "features") return features(ctx, facts, given).catch((error) => endedBy(error, given));
  return register(ctx, facts, given);
}

function pinnedByOption(facts: StepFacts, work: BuiltInWork) {
  const reference = parseDatasetReference(String(work.options.dataset ?? ""));
  return reference ? pinOf(facts, datasetKey(reference)) : null;
}

/** Hands a dataset version on as a table. No bytes are copied: the version's blob is the output. */
async function ingest(facts: StepFacts, { work, hooks }: Given): Promise<WorkResult> {
  const pin = pinnedByOption(facts, work);
  if (!pin) return failed("The option dataset is missing.");
  hooks.log(`${pin.dataset} v${pin.version}: ${countOf(pin.rows, "row")}`);
  const table = {
    type: "table" as const,
    sha256: pin.sha256,
    bytes: pin.bytes,
    rows: pin.rows,
    datasetVersionId: pin.datasetVersionId,
  };
  const outputs: StepOutputs = Object.fromEntries(facts.planned.outputs.map((output) => [output.name, table]));
  return { state: "succeeded", reason: null, outputs, summary: countOf(pin.rows, "row") };
}

/** Runs the checks of the dataset on the version that the input or the option names. A check that fails fails the step. */
async function validate(ctx: ServiceContext, facts: StepFacts, { work, inputs, hooks }: Given): Promise<WorkResult> {
  const [input] = Object.values(inputs);
  const datasetVersionId = input?.datasetVersionId ?? pinnedByOption(facts, work)?.datasetVersionId;
  if (!datasetVersionId) return failed("The input is no dataset version.");
  const { projectId, id: runId } = facts.run;
  const report = await validateDatasetVersion(ctx, { projectId, datasetVersionId, runId });
  for (const result of report.results)
    hooks.log(`${result.verdict === "pass" ? "pass" : result.verdict.toUpperCase()}  ${result.message}`);
  const passed = report.results.filter((result) => result.verdict === "pass").length;
  const summary = `${passed} of ${countOf(report.results.length, "check")}`;
  if (!report.hasPassed) {
    const broken = report.results.find((result) => result.verdict !== "pass");
    return { ...failed(`${summary} passed. ${broken?.message ?? ""}`.trim()), summary, isFinal: true };
  }
  return { state: "succeeded", reason: null, outputs: await reportOutputs(ctx, facts, report), summary };
}

/** A query that was interrupted is no failure of the step; one that took too long is no reason to try again. */
function endedBy(error: unknown, { hooks }: Given): WorkResult {
  if (hooks.signal.aborted) return { ...failed("The query was interrupted."), state: "cancelled" };
  if (error instanceof AppError && error.reason === "too_slow") return { ...failed(error.message), state: "timed_out" };
  throw error;
}

/** Joins the features of a view to the rows as they were known then: the training set and its manifest. */
async function features(ctx: ServiceContext, facts: StepFacts, { work, inputs, hooks }: Given): Promise<WorkResult> {
  const [rows] = Object.values(inputs);
  if (!rows) return { ...failed("The step has no rows."), isFinal: true };
  const { options } = work;
  const text = (option: unknown) => (typeof option === "string" ? withParameters(option, facts.run.parameters) : null);
  const set = await buildTrainingSet(ctx, {
    run: {
      id: facts.run.id,
      projectId: facts.run.projectId,
      label: `${facts.pipelineName} #${facts.run.number}`,
      pins: facts.run.datasets,
    },
    stepKey: facts.step.key,
    pipeline: facts.plan.kind,
    view: text(options.view) ?? "",
    dataset: options.dataset === undefined ? null : pinnedByOption(facts, work),
    rows,
    label: typeof options.label === "string" ? options.label : null,
    from: text(options.from),
    to: text(options.to),
    timeoutMs: facts.planned.timeoutMs,
    signal: hooks.signal,
  });
  const { view, dataset, unmatchedRows } = set.manifest;
  const summary = countOf(set.rows, "row");
  hooks.log(`${view.name} v${view.version} over ${dataset.name} v${dataset.version}: ${summary}`);
  hooks.log(`${countOf(unmatchedRows, "row")} without a value of the view at that time`);
  const outputs: Record<string, ArtifactRef> = {};
  for (const output of facts.planned.outputs) {
    if (output.type === "table")
      outputs[output.name] = { type: "table", sha256: set.parquetSha256, bytes: set.bytes, rows: set.rows };
    else
      outputs[output.name] = { type: "report", rows: null, ...(await ctx.blobs.put(Buffer.from(manifestText(set)))) };
  }
  return { state: "succeeded", reason: null, outputs, summary };
}

/** Registers the model that a step has logged. This alone creates a version within a pipeline. */
async function register(ctx: ServiceContext, facts: StepFacts, { work, hooks }: Given): Promise<WorkResult> {
  const step = String(work.options.step ?? "");
  const experimentRunId = await experimentRunOfStep(ctx, facts.run.id, step);
  if (!experimentRunId) return { ...failed(`The step ${step} has no experiment run.`), isFinal: true };
  const { projectId, id: pipelineRunId } = facts.run;
  const registered = await registerFromPipeline(ctx, {
    projectId,
    pipelineRunId,
    experimentRunId,
    model: String(work.options.model ?? ""),
    ...(typeof work.options.artifact === "string" && { artifact: work.options.artifact }),
  });
  const summary = `${registered.name} v${registered.version}`;
  hooks.log(`registered ${summary}`);
  return { state: "succeeded", reason: null, outputs: await reportOutputs(ctx, facts, registered), summary };
}

async function reportOutputs(ctx: ServiceContext, facts: StepFacts, report: unknown): Promise<StepOutputs> {
  const [output] = facts.planned.outputs;
  if (!output) return {};
  const stored = await ctx.blobs.put(Buffer.from(`${JSON.stringify(report, null, 2)}\n`));
  return { [output.name]: { type: "report", rows: null, ...stored } };
}
