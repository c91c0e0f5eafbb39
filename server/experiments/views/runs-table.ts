import { type SQL, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { AppError } from "@/domain/errors";
import type { RunsCursor, RunsTableInput } from "@/domain/experiments/contracts";
import { parseFilter } from "@/domain/experiments/search-grammar";
import { RUN_TARGET } from "@/domain/experiments/search-types";
import type { ExperimentRunStatus } from "@/domain/experiments/status";
import type { WireDouble } from "@/domain/experiments/types";
import type { Scope } from "../../authz/authorize";
import type { ServiceContext } from "../../context";
import { clausesSql } from "../run-search";
import { runCells } from "./run-cells";

/** Where a run stands in an order: first what has a number, then what has a text (or is no number), then what is missing. */
type Place = { readonly join: SQL; readonly rank: SQL; readonly number: SQL; readonly text: SQL };

const NOTHING = { join: sql``, number: sql`null::float8`, text: sql`''::text` };
const NUMERIC = sql`'^[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]{1,2})?$'`;

function placeOf(sort: string): Place {
  const [entity = "", ...rest] = sort.split(".");
  const key = rest.join(".");
  if (entity === "metrics" && key !== "") {
    const join = sql`left join latest_metrics s on s.run_id = r.id and s.key = ${key}`;
    return {
      ...NOTHING,
      join,
      rank: sql`case when s.value is null then 2 when s.value = 'NaN' then 1 else 0 end`,
      number: sql`s.value`,
    };
  }
  if (entity === "params" && key !== "") {
    const join = sql`left join run_params s on s.run_id = r.id and s.key = ${key}`;
    const isNumber = sql`s.value ~ ${NUMERIC}`;
    return {
      join,
      rank: sql`case when s.value is null then 2 when ${isNumber} then 0 else 1 end`,
      number: sql`case when ${isNumber} then s.value::float8 end`,
      text: sql`case when ${isNumber} then '' else coalesce(s.value, '') end`,
    };
  }
  const own: Readonly<Record<string, Place>> = {
    name: { ...NOTHING, rank: sql`0::int`, text: sql`r.name` },
    state: { ...NOTHING, rank: sql`0::int`, text: sql`r.status` },
    person: { ...NOTHING, rank: sql`0::int`, text: sql`coalesce(u.name, '')` },
    started: { ...NOTHING, rank: sql`0::int`, number: sql`r.start_ms::float8` },
    duration: {
      ...NOTHING,
      rank: sql`case when r.end_ms is null then 2 else 0 end`,
      number: sql`(r.end_ms - r.start_ms)::float8`,
    },
  };
  const place = Object.hasOwn(own, sort) ? own[sort] : undefined;
  if (!place) throw new AppError("invalid_input", "sort", `The table cannot be sorted by ${sort}.`);
  return place;
}

/** Runs with the person: who made it, or who started its pipeline run. */
const FROM = sql`
  from experiment_runs r
  join experiments e on e.id = r.experiment_id
  left join pipeline_runs p on p.id = r.pipeline_run_id
  left join users u on u.id = coalesce(r.created_by, p.started_by)`;

function filterSql(scope: Scope, input: RunsTableInput): SQL {
  const clauses = input.where.flatMap((text) => parseFilter(text, RUN_TARGET));
  const name = input.name.trim();
  const parts = [
    sql`r.project_id = ${scope.projectId}::uuid and r.experiment_id = ${input.experimentId}::uuid`,
    input.isDeletedShown ? sql`r.lifecycle = 'deleted'` : sql`r.lifecycle = 'active'`,
    ...(input.states.length > 0 ? [sql`r.status in ${input.states}`] : []),
    ...(input.people.length > 0 ? [sql`u.id in ${input.people}`] : []),
    ...(name !== "" ? [sql`strpos(lower(r.name), lower(${name})) > 0`] : []),
    clausesSql(clauses),
  ];
  return sql.join(parts, sql` and `);
}

/** Rows after the cursor: greater in (rank, number, text), then older, then by id. */
function afterSql(place: Place, cursor: RunsCursor, isAscending: boolean): SQL {
  const beyond = isAscending ? sql`>` : sql`<`;
  const number = cursor.number === null ? sql`null::float8` : sql`${String(cursor.number)}::float8`;
  const isTie = sql`(r.start_ms < ${cursor.startMs} or (r.start_ms = ${cursor.startMs} and r.id > ${cursor.id}::uuid))`;
  return sql`(${place.rank} > ${cursor.rank} or (${place.rank} = ${cursor.rank} and (
    coalesce(${place.number} ${beyond} ${number}, false)
    or (${place.number} is not distinct from ${number} and (${place.text} ${beyond} ${cursor.text} or (${place.text} = ${cursor.text} and ${isTie})))
  )))`;
}

type Found = {
  readonly id: string;
  readonly name: string;
  readonly status: ExperimentRunStatus;
  readonly start_ms: string;
  readonly end_ms: string | null;
  readonly person: string | null;
  readonly pipeline_number: number | null;
  readonly rank: number;
  readonly number: WireDouble | null;
  readonly text: string;
};

/**
 * One page of an experiment's runs with the chosen columns only: filtered, sorted and cut by Postgres,
 * then the cells of the shown rows. Text columns of parameters sort numbers as numbers.
 */
export async function runsTable(ctx: ServiceContext, scope: Scope<"experiments.read">, input: RunsTableInput) {
  const place = placeOf(input.sort);
  const filter = filterSql(scope, input);
  const [rows, total] = await Promise.all([pageOf(ctx.db, { place, filter, input }), totalOf(ctx.db, filter)]);
  const shown = rows.slice(0, input.limit);
  const cells = await runCells(
    ctx.db,
    shown.map((row) => row.id),
    input,
  );
  const last = shown.at(-1);
  const nextCursor: RunsCursor | null =
    rows.length > input.limit && last
      ? { rank: last.rank, number: last.number, text: last.text, startMs: Number(last.start_ms), id: last.id }
      : null;
  return {
    rows: shown.map((row) => ({
      id: row.id,
      name: row.name,
      status: row.status,
      startMs: Number(row.start_ms),
      endMs: row.end_ms === null ? null : Number(row.end_ms),
      person: row.person,
      pipelineNumber: row.pipeline_number,
      ...cells(row.id),
    })),
    total,
    nextCursor,
  };
}

async function pageOf(
  db: Executor,
  { place, filter, input }: { readonly place: Place; readonly filter: SQL; readonly input: RunsTableInput },
): Promise<readonly Found[]> {
  const direction = input.isAscending ? sql`asc` : sql`desc`;
  const after = input.cursor ? sql`and ${afterSql(place, input.cursor, input.isAscending)}` : sql``;
  return db.execute<Found>(sql`
    select r.id, r.name, r.status, r.start_ms, r.end_ms, u.name as person, p.number as pipeline_number,
      ${place.rank} as rank, to_json(${place.number}) as number, ${place.text} as text
    ${FROM} ${place.join}
    where ${filter} ${after}
    order by ${place.rank}, ${place.number} ${direction} nulls last, ${place.text} ${direction}, r.start_ms desc, r.id
    limit ${input.limit + 1}`);
}

async function totalOf(db: Executor, filter: SQL): Promise<number> {
  const [row] = await db.execute<{ total: number }>(sql`select count(*)::int as total ${FROM} where ${filter}`);
  return row?.total ?? 0;
}

/** What the filters and the column chooser offer: states and people with counts, and the keys of the newest runs. */
export async function runsFacets(ctx: ServiceContext, scope: Scope<"experiments.read">, experimentId: string) {
  const isHere = sql`r.project_id = ${scope.projectId}::uuid and r.experiment_id = ${experimentId}::uuid and r.lifecycle = 'active'`;
  // Keys of the newest runs: those of all would read every parameter of every run.
  const newest = sql`(select r.id from experiment_runs r where ${isHere} order by r.start_ms desc limit 200)`;
  const [states, people, params, metrics] = await Promise.all([
    ctx.db.execute<{ value: ExperimentRunStatus; count: number }>(
      sql`select r.status as value, count(*)::int as count from experiment_runs r where ${isHere} group by 1`,
    ),
    ctx.db.execute<{ value: string; label: string; count: number }>(
      sql`select u.id as value, u.name as label, count(*)::int as count ${FROM} where ${isHere} and u.id is not null group by 1, 2 order by 2`,
    ),
    ctx.db.execute<{ key: string }>(
      sql`select distinct x.key from ${newest} n join run_params x on x.run_id = n.id order by 1 limit 500`,
    ),
    ctx.db.execute<{ key: string; runs: number }>(
      sql`select x.key, count(*)::int as runs from ${newest} n join latest_metrics x on x.run_id = n.id group by 1 order by 2 desc, 1 limit 500`,
    ),
  ]);
  return {
    states: [...states],
    people: [...people],
    params: params.map((row) => row.key),
    metrics: metrics.map((row) => row.key),
  };
}
