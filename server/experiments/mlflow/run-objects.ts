import { type SQL, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { runIdOf } from "@/domain/experiments/identifiers";
import type { WireDouble } from "@/domain/experiments/types";
import { runArtifactUri } from "../artifact-roots";
import { experimentIdOf } from "../experiment-lookup";
import { MODEL_INPUT } from "../log-inputs";

type InputRow = {
  name: string;
  digest: string;
  source_type: string;
  source: string;
  schema: string | null;
  profile: string | null;
  tags: Record<string, string>;
};

type Row = {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly lifecycle: string;
  readonly user_name: string;
  readonly start_ms: string;
  readonly end_ms: string | null;
  readonly number: string;
  readonly is_default: boolean;
  readonly params: readonly [string, string][] | null;
  readonly tags: readonly [string, string][] | null;
  readonly metrics: readonly [string, WireDouble, number, number][] | null;
  readonly inputs: readonly InputRow[] | null;
  readonly models: readonly [string, number][] | null;
};

/**
 * Runs as the protocol has them, in the order of `ids`. Parameters, tags and metrics are gathered by
 * Postgres, one list for each run; it writes NaN and infinities by name, as the protocol does.
 */
export async function runObjects(db: Executor, ids: readonly string[]): Promise<readonly object[]> {
  if (ids.length === 0) return [];
  const rows = await db.execute<Row>(sql`
    with wanted as (select id::uuid, position from unnest(${`{${ids.join(",")}}`}::text::uuid[]) with ordinality as x(id, position))
    select r.id, r.name, r.status, r.lifecycle, r.user_name, r.start_ms, r.end_ms, e.number, e.is_default,
      p.list as params, t.list as tags, m.list as metrics, i.list as inputs, l.list as models
    from wanted w
    join experiment_runs r on r.id = w.id
    join experiments e on e.id = r.experiment_id
    left join (${gathered(sql`run_params`, sql`json_build_array(key, value)`)}) p on p.run_id = r.id
    left join (${gathered(sql`run_tags`, sql`json_build_array(key, value)`)}) t on t.run_id = r.id
    left join (${gathered(sql`latest_metrics`, sql`json_build_array(key, value, timestamp_ms, step)`)}) m on m.run_id = r.id
    left join (select run_id, json_agg(json_build_object('name', name, 'digest', digest, 'source_type', source_type, 'source', source, 'schema', schema, 'profile', profile, 'tags', tags)) as list
      from run_inputs where run_id in (select id from wanted) group by run_id) i on i.run_id = r.id
    left join (select source_run_id, json_agg(json_build_array(id, step) order by created_ms, id) as list
      from logged_models where source_run_id in (select id from wanted) and deleted_ms is null group by source_run_id) l on l.source_run_id = r.id
    order by w.position`);
  return rows.map(runObject);
}

function gathered(table: SQL, entry: SQL): SQL {
  return sql`select run_id, json_agg(${entry} order by key) as list from ${table} where run_id in (select id from wanted) group by run_id`;
}

function runObject(row: Row): object {
  const pairs = (list: readonly [string, string][] | null) => (list ?? []).map(([key, value]) => ({ key, value }));
  const metrics = (row.metrics ?? []).map(([key, value, timestamp, step]) => ({ key, value, timestamp, step }));
  const inputs = row.inputs ?? [];
  const models = inputs.filter((input) => input.source_type === MODEL_INPUT);
  return {
    info: runInfo(row),
    data: {
      ...(metrics.length > 0 && { metrics }),
      ...(row.params && { params: pairs(row.params) }),
      ...(row.tags && { tags: pairs(row.tags) }),
    },
    inputs: {
      dataset_inputs: inputs.filter((input) => input.source_type !== MODEL_INPUT).map(datasetInput),
      ...(models.length > 0 && { model_inputs: models.map((input) => ({ model_id: input.name })) }),
    },
    outputs: { model_outputs: (row.models ?? []).map(([id, step]) => ({ model_id: id, step })) },
  };
}

function runInfo(row: Row): object {
  const id = runIdOf(row.id);
  const experiment = { number: Number(row.number), isDefault: row.is_default };
  return {
    run_id: id,
    run_uuid: id,
    run_name: row.name,
    experiment_id: experimentIdOf(experiment),
    user_id: row.user_name,
    status: row.status,
    start_time: Number(row.start_ms),
    ...(row.end_ms !== null && { end_time: Number(row.end_ms) }),
    artifact_uri: runArtifactUri({ id: row.id, experiment: { ...experiment, id: "", lifecycle: "active", name: "" } }),
    lifecycle_stage: row.lifecycle,
  };
}

function datasetInput({ tags, schema, profile, ...dataset }: InputRow): object {
  return {
    tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
    dataset: { ...dataset, ...(schema !== null && { schema }), ...(profile !== null && { profile }) },
  };
}
