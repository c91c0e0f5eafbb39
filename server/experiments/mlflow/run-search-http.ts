import { type SQL, sql } from "drizzle-orm";
import { AppError } from "@/domain/errors";
import { LIMITS } from "@/domain/experiments/names";
import { offsetOf, pageTokenOf } from "@/domain/experiments/page-token";
import { parseFilter, parseOrderBy } from "@/domain/experiments/search-grammar";
import { RUN_TARGET } from "@/domain/experiments/search-types";
import type { Scope } from "../../authz/authorize";
import type { ServiceContext } from "../../context";
import type { Routes } from "../../http/routes";
import { experimentById } from "../experiment-lookup";
import { clausesSql, orderingSql } from "../run-search";
import { type Decoded, int64, named, repeated, text } from "./decoder";
import { endpoint } from "./endpoint";
import { runObjects } from "./run-objects";

export const viewType = named(["ACTIVE_ONLY", "DELETED_ONLY", "ALL"], 1);

const searchFields = {
  experiment_ids: repeated(text),
  filter: text,
  run_view_type: viewType,
  max_results: int64,
  order_by: repeated(text),
  page_token: text,
};

/** Search of runs, by a body or by a query. */
export function runSearchRoutes(routes: Routes): void {
  for (const method of ["POST", "GET"] as const) {
    endpoint(routes, {
      method,
      path: "/mlflow/runs/search",
      permission: "experiments.read",
      request: searchFields,
      handle: ({ ctx, scope }, request) => searchRuns(ctx, scope, request),
    });
  }
}

async function searchRuns(
  ctx: ServiceContext,
  scope: Scope<"experiments.read">,
  request: Decoded<typeof searchFields>,
): Promise<object> {
  const limit = request.max_results ?? 1_000;
  if (limit < 1 || limit > LIMITS.runsPerSearch) {
    throw new AppError(
      "invalid_input",
      "max_results",
      `Invalid value ${limit} for parameter 'max_results' supplied. It must be at least 1 and at most ${LIMITS.runsPerSearch}.`,
    );
  }
  const clauses = clausesSql(parseFilter(request.filter ?? "", RUN_TARGET));
  const { joins, by } = orderingSql(parseOrderBy(request.order_by, RUN_TARGET));
  const offset = offsetOf(request.page_token);
  const rows = await ctx.db.execute<{ id: string }>(sql`
    select r.id from experiment_runs r join experiments e on e.id = r.experiment_id ${joins}
    where r.project_id = ${scope.projectId}::uuid and ${await isInExperiments(ctx, scope, request.experiment_ids)}
      and ${lifecycleSql(request.run_view_type)} and ${clauses}
    order by ${by} limit ${limit + 1} offset ${offset}`);
  const runs = await runObjects(
    ctx.db,
    rows.slice(0, limit).map((row) => row.id),
  );
  return {
    ...(runs.length > 0 && { runs }),
    ...(rows.length > limit && { next_page_token: pageTokenOf({ offset: offset + limit }) }),
  };
}

/** Experiments that the project has not are left out, as MLflow does. */
async function isInExperiments(ctx: ServiceContext, scope: Scope, ids: readonly string[]): Promise<SQL> {
  const found = await Promise.all(ids.map((id) => experimentById(ctx.db, scope.projectId, id).catch(notFoundAsNull)));
  const known = found.flatMap((experiment) => (experiment ? [sql`${experiment.id}::uuid`] : []));
  return known.length === 0 ? sql`false` : sql`r.experiment_id in (${sql.join(known, sql`, `)})`;
}

function notFoundAsNull(error: unknown): null {
  if (error instanceof AppError && error.code === "not_found") return null;
  throw error;
}

function lifecycleSql(view: "ACTIVE_ONLY" | "DELETED_ONLY" | "ALL" | undefined): SQL {
  if (view === "ALL") return sql`true`;
  return sql`r.lifecycle = ${view === "DELETED_ONLY" ? "deleted" : "active"}`;
}
