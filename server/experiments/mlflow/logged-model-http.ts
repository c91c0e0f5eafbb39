import { AppError } from "@/domain/errors";
import { runIdOf } from "@/domain/experiments/identifiers";
import { offsetOf } from "@/domain/experiments/page-token";
import { parseFilter, parseOrderBy } from "@/domain/experiments/search-grammar";
import { comparer, matches, type Searchable } from "@/domain/experiments/search-match";
import { LOGGED_MODEL_TARGET } from "@/domain/experiments/search-types";
import { LOGGED_MODEL_STATUSES } from "@/domain/experiments/status";
import { doubleOf } from "@/domain/experiments/wire-double";
import type { Scope } from "../../authz/authorize";
import type { ServiceContext } from "../../context";
import type { Routes } from "../../http/routes";
import { confinedPath, modelArtifactUri } from "../artifact-roots";
import { changeLoggedModel } from "../change-logged-model";
import { createLoggedModel } from "../create-logged-model";
import { deleteLoggedModel } from "../delete-logged-model";
import { experimentById, experimentIdOf } from "../experiment-lookup";
import { type LoggedModelRow, loggedModelById, loggedModelsOf } from "../logged-models";
import { bool, type Decoded, int64, message, named, repeated, required, text } from "./decoder";
import { endpoint } from "./endpoint";
import { listedFiles } from "./file-object";
import { pageOf } from "./page-of";
import { pair, pairsOf } from "./run-fields";

const ROOT = "/mlflow/logged-models";
const modelId = { model_id: required(text) };

function modelObject(model: LoggedModelRow): object {
  const pairs = (map: Readonly<Record<string, string>>) => Object.entries(map).map(([key, value]) => ({ key, value }));
  const run = model.sourceRunId ? { run_id: runIdOf(model.sourceRunId) } : {};
  return {
    info: {
      model_id: model.id,
      experiment_id: experimentIdOf(model.experiment),
      name: model.name,
      creation_timestamp_ms: model.createdMs,
      last_updated_timestamp_ms: model.updatedMs,
      artifact_uri: modelArtifactUri(model.experiment, model.id),
      status: model.status,
      ...(model.modelType !== null && { model_type: model.modelType }),
      ...(model.sourceRunId && { source_run_id: runIdOf(model.sourceRunId) }),
      tags: pairs(model.tags),
    },
    data: {
      params: pairs(model.params),
      metrics: Object.entries(model.metrics).map(([key, point]) => ({ key, ...point, model_id: model.id, ...run })),
    },
  };
}

async function answer(ctx: ServiceContext, scope: Scope, id: string): Promise<{ readonly model: object }> {
  return { model: modelObject(await loggedModelById(ctx.db, scope.projectId, id)) };
}

export function loggedModelRoutes(routes: Routes): void {
  endpoint(routes, {
    method: "POST",
    path: ROOT,
    permission: "experiments.write",
    request: {
      experiment_id: required(text),
      name: text,
      model_type: text,
      source_run_id: text,
      params: repeated(pair),
      tags: repeated(pair),
    },
    handle: async ({ ctx, scope }, request) => {
      const id = await createLoggedModel(ctx, scope, {
        experimentId: request.experiment_id,
        name: request.name,
        modelType: request.model_type,
        sourceRunId: request.source_run_id,
        params: pairsOf(request.params),
        tags: pairsOf(request.tags),
      });
      return answer(ctx, scope, id);
    },
  });
  endpoint(routes, {
    method: "POST",
    path: `${ROOT}/search`,
    permission: "experiments.read",
    request: searchFields,
    handle: ({ ctx, scope }, request) => search(ctx, scope, request),
  });
  endpoint(routes, {
    method: "GET",
    path: `${ROOT}/:model_id`,
    permission: "experiments.read",
    request: { ...modelId, allow_deleted: bool },
    handle: async ({ ctx, scope }, request) => ({
      model: modelObject(
        await loggedModelById(ctx.db, scope.projectId, request.model_id, {
          isDeletedShown: request.allow_deleted ?? false,
        }),
      ),
    }),
  });
  endpoint(routes, {
    method: "GET",
    path: `${ROOT}/:model_id/artifacts/directories`,
    permission: "experiments.read",
    request: { ...modelId, artifact_directory_path: text },
    handle: async ({ ctx, scope }, request) => {
      const folder = confinedPath(request.artifact_directory_path ?? "");
      const model = await loggedModelById(ctx.db, scope.projectId, request.model_id);
      return {
        root_uri: modelArtifactUri(model.experiment, model.id),
        ...(await listedFiles(ctx, scope.projectId, { owner: { root: model.id }, folder })),
      };
    },
  });
  changeRoutes(routes);
}

function changeRoutes(routes: Routes): void {
  const write = { permission: "experiments.write" } as const;
  endpoint(routes, {
    ...write,
    method: "PATCH",
    path: `${ROOT}/:model_id`,
    request: { ...modelId, status: required(named(LOGGED_MODEL_STATUSES, 0)) },
    handle: async ({ ctx, scope }, request) => {
      await changeLoggedModel(ctx, scope, request.model_id, { kind: "finalize", status: request.status });
      return answer(ctx, scope, request.model_id);
    },
  });
  endpoint(routes, {
    method: "DELETE",
    path: `${ROOT}/:model_id`,
    permission: "experiments.delete",
    request: modelId,
    handle: async ({ ctx, scope }, request) => {
      await deleteLoggedModel(ctx, scope, request.model_id);
      return {};
    },
  });
  endpoint(routes, {
    ...write,
    method: "PATCH",
    path: `${ROOT}/:model_id/tags`,
    request: { ...modelId, tags: repeated(pair) },
    handle: async ({ ctx, scope }, request) => {
      await changeLoggedModel(ctx, scope, request.model_id, { kind: "set_tags", tags: pairsOf(request.tags) });
      return answer(ctx, scope, request.model_id);
    },
  });
  endpoint(routes, {
    ...write,
    method: "DELETE",
    path: `${ROOT}/:model_id/tags/:tag_key`,
    request: { ...modelId, tag_key: required(text) },
    handle: async ({ ctx, scope }, request) => {
      await changeLoggedModel(ctx, scope, request.model_id, { kind: "delete_tag", key: request.tag_key });
      return {};
    },
  });
  endpoint(routes, {
    ...write,
    method: "POST",
    path: `${ROOT}/:model_id/params`,
    request: { ...modelId, params: repeated(pair) },
    handle: async ({ ctx, scope }, request) => {
      await changeLoggedModel(ctx, scope, request.model_id, { kind: "add_params", params: pairsOf(request.params) });
      return {};
    },
  });
}

const searchFields = {
  experiment_ids: repeated(text),
  filter: text,
  max_results: int64,
  order_by: repeated(message({ field_name: required(text), ascending: bool })),
  page_token: text,
};

function searchable(model: LoggedModelRow): Searchable {
  const metrics = Object.entries(model.metrics).map(([key, point]): [string, number] => [
    key,
    doubleOf(point.value) ?? Number.NaN,
  ]);
  return {
    attributes: {
      name: model.name,
      model_id: model.id,
      model_type: model.modelType,
      status: model.status.replace("LOGGED_MODEL_", ""),
      source_run_id: model.sourceRunId ? runIdOf(model.sourceRunId) : null,
      experiment_id: experimentIdOf(model.experiment),
      creation_timestamp: model.createdMs,
      last_updated_timestamp: model.updatedMs,
    },
    metrics: Object.fromEntries(metrics),
    params: model.params,
    tags: model.tags,
  };
}

async function search(
  ctx: ServiceContext,
  scope: Scope<"experiments.read">,
  request: Decoded<typeof searchFields>,
): Promise<object> {
  if (request.experiment_ids.length === 0)
    throw new AppError("invalid_input", "experiment_ids", "Missing value for required parameter 'experiment_ids'.");
  const clauses = parseFilter(request.filter ?? "", LOGGED_MODEL_TARGET);
  const orders = parseOrderBy(
    request.order_by.map((order) => `${order.field_name} ${order.ascending === false ? "DESC" : "ASC"}`),
    LOGGED_MODEL_TARGET,
  );
  const ids = await Promise.all(request.experiment_ids.map((id) => experimentById(ctx.db, scope.projectId, id)));
  const models = await loggedModelsOf(ctx.db, scope.projectId, {
    experimentIds: ids.map((experiment) => experiment.id),
  });
  const newestFirst = [...models].sort((a, b) => b.createdMs - a.createdMs || (a.id < b.id ? -1 : 1));
  const found = newestFirst.filter((model) => matches(searchable(model), clauses)).sort(comparer(orders, searchable));
  return pageOf(found.map(modelObject), {
    name: "models",
    limit: Math.min(request.max_results || 100, 1_000),
    offset: offsetOf(request.page_token),
  });
}
