import { sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import type { ConfusionCell, ScoredPair } from "@/domain/monitoring/quality";
import type { Window } from "@/domain/monitoring/windows";
import type { ModelSignature } from "@/domain/registry/types";
import { type Reading, readingOf } from "@/domain/serving/scoring";
import type { Monitor } from "./record";

/** Whose answers: the traffic of a model in an environment. */
export type Subject = Pick<Monitor, "projectId" | "modelId" | "environment">;

/** The subject's answers in a window; `p` is the prediction log. */
export const answersIn = (subject: Subject, window: Window) => sql`
  p.model_id = ${subject.modelId} and p.environment = ${subject.environment} and p.project_id = ${subject.projectId}
  and p.event_time >= ${window.start.toISOString()}::timestamptz and p.event_time < ${window.end.toISOString()}::timestamptz`;

const labelOfAnswer = sql`l.project_id = p.project_id and l.request_id = p.request_id and l."row" = p."row"`;

type Span = { readonly first: Date; readonly asOf: Date };

/**
 * First event time of the subject's answers, and its as-of: the newest event time among its answers and their labels.
 * Null without answers. The answers' times are the ends of an index; of the labels only those count that are newer
 * than the newest answer, so the walk over them never goes back further than that.
 */
export async function spanOf(db: Executor, subject: Subject): Promise<Span | null> {
  const { projectId, modelId, environment } = subject;
  const [row] = await db.execute<{ first: number | null; last: number | null; label: number | null }>(sql`
    with own as (
      select min(event_time) as first, max(event_time) as last from predictions
      where model_id = ${modelId} and environment = ${environment} and project_id = ${projectId})
    select (extract(epoch from own.first) * 1000)::float8 as first,
           (extract(epoch from own.last) * 1000)::float8 as last,
           (select (extract(epoch from l.event_time) * 1000)::float8 from labels l
            where l.project_id = ${projectId} and l.event_time > own.last and exists (
              select 1 from predictions p
              where p.request_id = l.request_id and p."row" = l."row" and p.project_id = l.project_id
                and p.model_id = ${modelId} and p.environment = ${environment})
            order by l.event_time desc limit 1) as label
    from own`);
  if (!row || row.first === null || row.last === null) return null;
  return { first: new Date(row.first), asOf: new Date(Math.max(row.last, row.label ?? row.last)) };
}

/**
 * Starts of the quarters, in UTC, in which the subject has answers, the oldest first. Each is one step along the
 * index, so that neither the answers within a quarter nor the quarters without any are looked at.
 */
export async function quartersOf(db: Executor, subject: Subject): Promise<readonly Date[]> {
  const { projectId, modelId, environment } = subject;
  const own = sql`p.model_id = ${modelId} and p.environment = ${environment} and p.project_id = ${projectId}`;
  const rows = await db.execute<{ ms: number }>(sql`
    with recursive quarters(start) as (
      select date_trunc('quarter', min(p.event_time) at time zone 'UTC') from predictions p where ${own}
      union all
      select date_trunc('quarter', (
        select min(p.event_time) from predictions p
        where ${own} and p.event_time >= (quarters.start + interval '3 months') at time zone 'UTC'
      ) at time zone 'UTC')
      from quarters where quarters.start is not null)
    select (extract(epoch from start at time zone 'UTC') * 1000)::float8 as ms
    from quarters where start is not null order by start`);
  return rows.map((row) => new Date(row.ms));
}

export type VersionRows = {
  readonly modelVersionId: string;
  readonly version: number;
  readonly signature: ModelSignature | null;
  readonly rows: number;
  readonly labelled: number;
  /** Whether every label is yes or no, and whether each is one as a boolean. */
  readonly areYesNo: boolean;
  readonly areBoolean: boolean;
  readonly deploymentIds: readonly string[];
};

/** Answers of the window and how many have a label, per version, the one with the most answers first. */
export async function coverageOf(db: Executor, subject: Subject, window: Window): Promise<readonly VersionRows[]> {
  const rows = await db.execute<{
    modelVersionId: string;
    version: number;
    signature: ModelSignature | null;
    rows: number;
    labelled: number;
    areYesNo: boolean;
    areBoolean: boolean;
    deploymentIds: string[];
  }>(sql`
    select counted.model_version_id as "modelVersionId", v.version, v.signature, counted.rows, counted.labelled,
           coalesce(counted.yesno, false) as "areYesNo", coalesce(counted.boolean, false) as "areBoolean",
           counted.deployments as "deploymentIds"
    from (select model_version_id, sum(rows)::int as rows, sum(labelled)::int as labelled, bool_and(yesno) as yesno,
                 bool_and(boolean) as boolean, array_agg(deployment_id) as deployments
          from (select p.model_version_id, p.deployment_id, count(*) as rows, count(l.request_id) as labelled,
                       bool_and(l.value in ('0', '1', 'true', 'false')) as yesno,
                       bool_and(jsonb_typeof(l.value) = 'boolean') as boolean
                from predictions p left join labels l on ${labelOfAnswer}
                where ${answersIn(subject, window)} group by 1, 2) as served group by 1) as counted
    join model_versions v on v.id = counted.model_version_id
    order by counted.rows desc, v.version desc`);
  return [...rows];
}

/** How the answers of a version are read against its labels; the sentence where they cannot be. */
export async function readingIn(
  db: Executor,
  { subject, window, version }: { readonly subject: Subject; readonly window: Window; readonly version: VersionRows },
): Promise<Reading | { readonly problem: string }> {
  // Every answer of a version has the same outputs, so one shows their form.
  const [sample] = await db.execute<{ outputs: Record<string, unknown> }>(sql`
    select p.outputs from predictions p
    where ${answersIn(subject, window)} and p.model_version_id = ${version.modelVersionId} limit 1`);
  if (!sample) return { problem: "There are no answers." };
  const outputs = Object.entries(sample.outputs).map(([name, value]) => ({
    name,
    datatype: version.signature?.outputs.find((output) => output.name === name)?.datatype ?? ("FP32" as const),
    width: Array.isArray(value) ? value.length : 1,
    isFlat: !Array.isArray(value),
    values: [],
  }));
  return readingOf(outputs, { isBoolean: version.areBoolean, labels: version.areYesNo ? [0, 1] : [2] });
}

/** A JSON scalar as one text, so that 1, 1.0 and true are the same label. */
const scalar = (value: ReturnType<typeof sql>) => sql`
  case jsonb_typeof(${value}) when 'boolean' then (case when ${value} = 'true' then '1' else '0' end)
    when 'number' then trim_scale((${value})::numeric)::text else ${value} #>> '{}' end`;

/** The last value of an output: of the two probabilities that of 1, of a single number itself. */
const lastOf = (name: string) =>
  sql`(case jsonb_typeof(p.outputs->${name}) when 'array' then p.outputs->${name}->-1 else p.outputs->${name} end)`;

function decisionOf(reading: Reading) {
  if (reading.kind === "regression") return scalar(lastOf(reading.value));
  if (reading.kind === "multiclass" || reading.label !== null) return scalar(sql`(p.outputs->${reading.label ?? ""})`);
  return sql`case when (${lastOf(reading.probability ?? "")})::float8 >= 0.5 then '1' else '0' end`;
}

export type ReadVersion = {
  readonly subject: Subject;
  readonly window: Window;
  readonly modelVersionId: string;
  readonly reading: Reading;
};

/** Answers of one version counted by label and decision. */
export async function cellsOf(db: Executor, read: ReadVersion): Promise<readonly ConfusionCell[]> {
  const rows = await db.execute<ConfusionCell & Record<string, unknown>>(sql`
    select ${scalar(sql`l.value`)} as label, ${decisionOf(read.reading)} as prediction, count(*)::int as count
    from predictions p join labels l on ${labelOfAnswer}
    where ${answersIn(read.subject, read.window)} and p.model_version_id = ${read.modelVersionId}
    group by 1, 2`);
  return [...rows];
}

/** Label and number of each answer of one version; null where the model gives no such number. */
export async function pairsOf(db: Executor, read: ReadVersion): Promise<readonly ScoredPair[] | null> {
  const { reading } = read;
  const name = reading.kind === "regression" ? reading.value : reading.kind === "binary" ? reading.probability : null;
  if (name === null) return null;
  const rows = await db.execute<{ label: string; answer: number }>(sql`
    select ${scalar(sql`l.value`)} as label, (${lastOf(name)})::float8 as answer
    from predictions p join labels l on ${labelOfAnswer}
    where ${answersIn(read.subject, read.window)} and p.model_version_id = ${read.modelVersionId}`);
  const pairs = rows.map((row) => ({ label: Number(row.label), answer: row.answer }));
  return pairs.every((pair) => Number.isFinite(pair.label)) ? pairs : null;
}
