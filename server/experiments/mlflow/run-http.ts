import { type SQL, sql } from "drizzle-orm";
import { offsetOf, pageTokenOf } from "@/domain/experiments/page-token";
import { parseFilter, parseOrderBy } from "@/domain/experiments/search-grammar";
import { RUN_TARGET } from "@/domain/experiments/search-types";
import { EXPERIMENT_RUN_STATUSES } from "@/domain/experiments/status";
import { LIMITS } from "@/domain/experiments/names";
import { AppError } from "@/domain/errors";
import type { Scope } from "../../authz/authorize";
import type { ServiceContext } from "../../context";
import type { Routes } from "../../http/routes";
import { changeLoggedModel } from "../change-logged-model";
import { createRun } from "../create-run";
import { deleteRunTag } from "../delete-run-tag";
import { experimentById } from "../experiment-lookup";
import { logBatch } from "../log-batch";
import { type DatasetInput, logInputs } from "../log-inputs";
import { retireRun } from "../retire-run";
import { runById } from "../run-access";
import { clausesSql, orderingSql } from "../run-search";
import { updateRun } from "../update-run";
import { type Decoded, double, int64, message, named, repeated, required, text } from "./decoder";
import { endpoint } from "./endpoint";
import { runObjects } from "./run-objects";

export const pair = message({ key: required(text), value: text });
const status = named(EXPERIMENT_RUN_STATUSES, 1);
const viewType = named(["ACTIVE_ONLY", "DELETED_ONLY", "ALL"], 1);
const point = { key: required(text), value: required(double), timestamp: required(int64), step: int64, model_id: text };
const dataset = message({ name: required(text), digest: required(text), source_type: required(text), source: required(text), schema: text, profile: text });
const inputFields = { run_id: required(text), datasets: repeated(message({ tags: repeated(pair), dataset: required(dataset) })), models: repeated(message({ model_id: required(text) })) };

export const pairsOf = (pairs: readonly { readonly key: string; readonly value: string | undefined }[]) => pairs.map(({ key, value }) => ({ key, value: value ?? "" }));

const pointOf = (read: Decoded<typeof point>) => ({ key: read.key, value: read.value, timestamp: read.timestamp, step: read.step ?? 0, modelId: read.model_id || undefined });

/** Old clients name the run `run_uuid`. */
function runIdFrom(request: { readonly run_id: string | undefined; readonly run_uuid: string | undefined }): string {
  return required(text).read(request.run_id || request.run_uuid, "run_id");
}

async function runAnswer(ctx: ServiceContext, projectId: string, runId: string): Promise<{ readonly run: object }> {
  const run = await runById(ctx.db, projectId, runId);
  const [object] = await runObjects(ctx.db, [run.id]);
  if (!object) throw new AppError("not_found", "run", `Run with id=${runId} not found`);
  return { run: object };
}

export function runRoutes(routes: Routes): void {
  const named = { run_id: text, run_uuid: text };
  endpoint(routes, {
    method: "POST",
    path: "/mlflow/runs/create",
    permission: "experiments.write",
    request: { experiment_id: text, user_id: text, run_name: text, start_time: int64, tags: repeated(pair) },
    handle: async ({ ctx, scope }, request) => {
      const id = await createRun(ctx, scope, {
        experimentId: request.experiment_id || "0",
        userName: request.user_id,
        name: request.run_name,
        startMs: request.start_time,
        tags: pairsOf(request.tags),
      });
      return runAnswer(ctx, scope.projectId, id);
    },
  });
  endpoint(routes, {
    method: "GET",
    path: "/mlflow/runs/get",
    permission: "experiments.read",
    request: named,
    handle: ({ ctx, scope }, request) => runAnswer(ctx, scope.projectId, runIdFrom(request)),
  });
  endpoint(routes, {
    method: "POST",
    path: "/mlflow/runs/update",
    permission: "experiments.write",
    request: { ...named, status, end_time: int64, run_name: text },
    handle: async ({ ctx, scope }, request) => {
      const runId = runIdFrom(request);
      await updateRun(ctx, scope, { runId, status: request.status, endMs: request.end_time, name: request.run_name });
      const { run } = await runAnswer(ctx, scope.projectId, runId);
      return { run_info: (run as { readonly info: object }).info };
    },
  });
  for (const [path, lifecycle] of [["delete", "deleted"], ["restore", "active"]] as const) {
    endpoint(routes, {
      method: "POST",
      path: `/mlflow/runs/${path}`,
      permission: "experiments.delete",
      request: { run_id: required(text) },
      handle: async ({ ctx, scope }, request) => {
        await retireRun(ctx, scope, { runId: request.run_id, lifecycle });
        return {};
      },
    });
  }
  for (const method of ["POST", "GET"] as const) {
    endpoint(routes, {
      method,
      path: "/mlflow/runs/search",
      permission: "experiments.read",
      request: searchFields,
      handle: ({ ctx, scope }, request) => searchRuns(ctx, scope, request),
    });
  }
  logRoutes(routes);
}

function logRoutes(routes: Routes): void {
  const named = { run_id: text, run_uuid: text };
  const nothing = { metrics: [], params: [], tags: [] };
  const post = { method: "POST", permission: "experiments.write" } as const;
  endpoint(routes, {
    ...post,
    path: "/mlflow/runs/log-metric",
    request: { ...named, ...point },
    handle: async ({ ctx, scope }, request) => {
      await logBatch(ctx, scope, runIdFrom(request), { ...nothing, metrics: [pointOf(request)] });
      return {};
    },
  });
  endpoint(routes, {
    ...post,
    path: "/mlflow/runs/log-parameter",
    request: { ...named, key: required(text), value: text },
    handle: async ({ ctx, scope }, request) => {
      await logBatch(ctx, scope, runIdFrom(request), { ...nothing, params: pairsOf([request]) });
      return {};
    },
  });
  endpoint(routes, {
    ...post,
    path: "/mlflow/runs/set-tag",
    request: { ...named, key: required(text), value: text },
    handle: async ({ ctx, scope }, request) => {
      await logBatch(ctx, scope, runIdFrom(request), { ...nothing, tags: pairsOf([request]) });
      return {};
    },
  });
  endpoint(routes, {
    ...post,
    path: "/mlflow/runs/delete-tag",
    request: { ...named, key: required(text) },
    handle: async ({ ctx, scope }, request) => {
      await deleteRunTag(ctx, scope, { runId: runIdFrom(request), key: request.key });
      return {};
    },
  });
  endpoint(routes, {
    ...post,
    path: "/mlflow/runs/log-batch",
    request: { run_id: required(text), metrics: repeated(message(point)), params: repeated(pair), tags: repeated(pair) },
    handle: async ({ ctx, scope }, request) => {
      await logBatch(ctx, scope, request.run_id, { metrics: request.metrics.map(pointOf), params: pairsOf(request.params), tags: pairsOf(request.tags) });
      return {};
    },
  });
  endpoint(routes, {
    ...post,
    path: "/mlflow/runs/log-inputs",
    request: inputFields,
    handle: async ({ ctx, scope }, request) => {
      const datasets = request.datasets.map(({ dataset: { source_type: sourceType, ...rest }, tags }): DatasetInput => ({ ...rest, sourceType, tags: pairsOf(tags) }));
      await logInputs(ctx, scope, request.run_id, { datasets, modelIds: request.models.map((model) => model.model_id) });
      return {};
    },
  });
  endpoint(routes, {
    ...post,
    path: "/mlflow/runs/outputs",
    request: { run_id: required(text), models: repeated(message({ model_id: required(text), step: int64 })) },
    handle: async ({ ctx, scope }, request) => {
      await runById(ctx.db, scope.projectId, request.run_id);
      for (const model of request.models) await changeLoggedModel(ctx, scope, model.model_id, { kind: "set_step", step: model.step ?? 0 });
      return {};
    },
  });
}

const searchFields = {
  experiment_ids: repeated(text),
  filter: text,
  run_view_type: viewType,
  max_results: int64,
  order_by: repeated(text),
  page_token: text,
};

async function searchRuns(ctx: ServiceContext, scope: Scope<"experiments.read">, request: Decoded<typeof searchFields>): Promise<object> {
  const limit = request.max_results ?? 1_000;
  if (limit < 1 || limit > LIMITS.runsPerSearch) {
    throw new AppError("invalid_input", "max_results", `Invalid value ${limit} for parameter 'max_results' supplied. It must be at least 1 and at most ${LIMITS.runsPerSearch}.`);
  }
  const clauses = clausesSql(parseFilter(request.filter ?? "", RUN_TARGET));
  const { joins, by } = orderingSql(parseOrderBy(request.order_by, RUN_TARGET));
  const offset = offsetOf(request.page_token);
  const rows = await ctx.db.execute<{ id: string }>(sql`
    select r.id from experiment_runs r join experiments e on e.id = r.experiment_id ${joins}
    where r.project_id = ${scope.projectId}::uuid and ${await isInExperiments(ctx, scope, request.experiment_ids)}
      and ${lifecycleSql(request.run_view_type)} and ${clauses}
    order by ${by} limit ${limit + 1} offset ${offset}`);
  const runs = await runObjects(ctx.db, rows.slice(0, limit).map((row) => row.id));
  return { ...(runs.length > 0 && { runs }), ...(rows.length > limit && { next_page_token: pageTokenOf({ offset: offset + limit }) }) };
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
