import { setImmediate } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { driftOf, emptyTally, tallyInput } from "@/domain/monitoring/reference";
import type { FeatureDrift, InputDetails, Limits } from "@/domain/monitoring/types";
import type { Window } from "@/domain/monitoring/windows";
import type { ServiceContext } from "../context";
import { answersIn, type Subject, type VersionRows } from "./traffic";
import { type TrainingReference, trainingReference } from "./training-reference";

type Wanted = {
  readonly subject: Subject;
  readonly window: Window;
  readonly limits: Limits;
  readonly versions: readonly VersionRows[];
};

const ROWS_AT_ONCE = 5_000;

/**
 * What came in and how it was served in one window: drift of each input against the training rows of the same months
 * of the version that answered most, missing values, latency and failures. Sentences for each limit that was passed.
 */
export async function measureInputs(ctx: ServiceContext, wanted: Wanted): Promise<InputDetails> {
  const [version] = wanted.versions;
  const [reference, service] = await Promise.all([
    version
      ? trainingReference(ctx, {
          projectId: wanted.subject.projectId,
          modelVersionId: version.modelVersionId,
          window: wanted.window,
        })
      : { missing: "There were no answers." },
    serviceOf(ctx, wanted),
  ]);
  const known = "missing" in reference ? null : reference;
  const features = await featuresOf(ctx, wanted, known);
  const measured = {
    kind: "inputs" as const,
    reference: known && { trainingSetId: known.trainingSetId, rows: known.rows, months: known.months },
    noReference: "missing" in reference ? reference.missing : null,
    features,
    ...service,
  };
  return { ...measured, warnings: warningsOf(measured, wanted.limits) };
}

/** Every answer's inputs pass once, in batches; only counts are kept. */
async function featuresOf(
  ctx: ServiceContext,
  wanted: Wanted,
  reference: TrainingReference | null,
): Promise<readonly FeatureDrift[]> {
  const names = wanted.versions[0]?.signature?.columns.map((column) => column.name) ?? [];
  const parts = names.map((name) => {
    const column = reference?.columns.find((each) => each.name === name) ?? null;
    return { name, reference: column, tally: emptyTally(column) };
  });
  const { projectId, modelId, environment } = wanted.subject;
  const { start, end } = wanted.window;
  const rows = ctx.sql<{ inputs: string }[]>`
    select inputs::text as inputs from predictions
    where model_id = ${modelId} and environment = ${environment} and project_id = ${projectId}
      and event_time >= ${start.toISOString()} and event_time < ${end.toISOString()}`;
  const count = (batch: readonly { readonly inputs: string }[]) => {
    // One parse of many rows of the same form is much faster than one for each.
    const list = JSON.parse(`[${batch.map((row) => row.inputs).join(",")}]`) as readonly Record<string, unknown>[];
    for (const { name, tally, reference: column } of parts)
      for (const row of list) tallyInput(tally, column, row[name]);
  };
  // While one batch is counted the database already makes the next; never more than two are held.
  let counting: Promise<void> = Promise.resolve();
  await rows.cursor(ROWS_AT_ONCE, (batch) => {
    const before = counting;
    counting = before.then(() => setImmediate()).then(() => count(batch));
    return before;
  });
  await counting;
  const inputs = parts.filter((part) => part.reference !== null).length;
  return parts.map((part) => driftOf(part.name, part, { limit: wanted.limits.driftLimit, inputs }));
}

type Service = Pick<InputDetails, "latencyMs" | "requests" | "failed" | "refused">;

/** Latency per request, and what got no answer. */
async function serviceOf(ctx: ServiceContext, { subject, window }: Wanted): Promise<Service> {
  const [[answered], [failures]] = await Promise.all([
    ctx.db.execute<{ requests: number; latency: number[] | null }>(sql`
      select count(*)::int as requests,
             percentile_cont(array[0.5, 0.95, 0.99]) within group (order by p.latency_micros) as latency
      from predictions p where p."row" = 0 and ${answersIn(subject, window)}`),
    ctx.db.execute<{ failed: number; refused: number }>(sql`
      select count(*) filter (where p.kind = 'failed')::int as failed,
             count(*) filter (where p.kind = 'refused')::int as refused
      from prediction_failures p where ${answersIn(subject, window)}`),
  ]);
  const [p50 = 0, p95 = 0, p99 = 0] = (answered?.latency ?? []).map((micros) => micros / 1_000);
  return {
    latencyMs: answered?.latency ? { p50, p95, p99 } : null,
    requests: answered?.requests ?? 0,
    failed: failures?.failed ?? 0,
    refused: failures?.refused ?? 0,
  };
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

function warningsOf(measured: Omit<InputDetails, "warnings">, limits: Limits): readonly string[] {
  const warnings = measured.features.flatMap(({ name, drift, missingShare }) => [
    ...(drift?.warns
      ? [`${name} moved: PSI ${drift.psi.toFixed(2)}, where sampling explains up to ${drift.chanceLimit.toFixed(2)}.`]
      : []),
    ...(limits.missingLimit !== null && missingShare > limits.missingLimit
      ? [`${name} is missing in ${percent(missingShare)} of rows (limit ${percent(limits.missingLimit)}).`]
      : []),
  ]);
  const p95 = measured.latencyMs?.p95 ?? 0;
  if (limits.latencyLimitMs !== null && p95 > limits.latencyLimitMs)
    warnings.push(`The 95th percentile of latency is ${p95.toFixed(1)} ms (limit ${limits.latencyLimitMs} ms).`);
  const asked = measured.requests + measured.failed;
  const failedShare = asked === 0 ? 0 : measured.failed / asked;
  if (limits.failureLimit !== null && failedShare > limits.failureLimit)
    warnings.push(`${percent(failedShare)} of requests failed (limit ${percent(limits.failureLimit)}).`);
  return warnings;
}
