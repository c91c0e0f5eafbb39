import type { Routes } from "../../http/routes";
import { changeLoggedModel } from "../change-logged-model";
import { deleteRunTag } from "../delete-run-tag";
import { logBatch } from "../log-batch";
import { type DatasetInput, logInputs } from "../log-inputs";
import { runById } from "../run-access";
import { int64, message, repeated, required, text } from "./decoder";
import { endpoint } from "./endpoint";
import { pair, pairsOf, point, pointOf, runIdFrom, runName } from "./run-fields";

const nothing = { metrics: [], params: [], tags: [] };
const post = { method: "POST", permission: "experiments.write" } as const;
const dataset = message({
  name: required(text),
  digest: required(text),
  source_type: required(text),
  source: required(text),
  schema: text,
  profile: text,
});
const inputFields = {
  run_id: required(text),
  datasets: repeated(message({ tags: repeated(pair), dataset: required(dataset) })),
  models: repeated(message({ model_id: required(text) })),
};

/** Parameters, metrics, tags, inputs and outputs of runs. */
export function runLogRoutes(routes: Routes): void {
  endpoint(routes, {
    ...post,
    path: "/mlflow/runs/log-metric",
    request: { ...runName, ...point },
    handle: async ({ ctx, scope }, request) => {
      await logBatch(ctx, scope, runIdFrom(request), { ...nothing, metrics: [pointOf(request)] });
      return {};
    },
  });
  endpoint(routes, {
    ...post,
    path: "/mlflow/runs/log-parameter",
    request: { ...runName, key: required(text), value: text },
    handle: async ({ ctx, scope }, request) => {
      await logBatch(ctx, scope, runIdFrom(request), { ...nothing, params: pairsOf([request]) });
      return {};
    },
  });
  endpoint(routes, {
    ...post,
    path: "/mlflow/runs/set-tag",
    request: { ...runName, key: required(text), value: text },
    handle: async ({ ctx, scope }, request) => {
      await logBatch(ctx, scope, runIdFrom(request), { ...nothing, tags: pairsOf([request]) });
      return {};
    },
  });
  endpoint(routes, {
    ...post,
    path: "/mlflow/runs/delete-tag",
    request: { ...runName, key: required(text) },
    handle: async ({ ctx, scope }, request) => {
      await deleteRunTag(ctx, scope, { runId: runIdFrom(request), key: request.key });
      return {};
    },
  });
  batchRoutes(routes);
}

function batchRoutes(routes: Routes): void {
  endpoint(routes, {
    ...post,
    path: "/mlflow/runs/log-batch",
    request: {
      run_id: required(text),
      metrics: repeated(message(point)),
      params: repeated(pair),
      tags: repeated(pair),
    },
    handle: async ({ ctx, scope }, request) => {
      await logBatch(ctx, scope, request.run_id, {
        metrics: request.metrics.map(pointOf),
        params: pairsOf(request.params),
        tags: pairsOf(request.tags),
      });
      return {};
    },
  });
  endpoint(routes, {
    ...post,
    path: "/mlflow/runs/log-inputs",
    request: inputFields,
    handle: async ({ ctx, scope }, request) => {
      const datasets = request.datasets.map(
        ({ dataset: { source_type: sourceType, ...rest }, tags }): DatasetInput => ({
          ...rest,
          sourceType,
          tags: pairsOf(tags),
        }),
      );
      await logInputs(ctx, scope, request.run_id, {
        datasets,
        modelIds: request.models.map((model) => model.model_id),
      });
      return {};
    },
  });
  endpoint(routes, {
    ...post,
    path: "/mlflow/runs/outputs",
    request: { run_id: required(text), models: repeated(message({ model_id: required(text), step: int64 })) },
    handle: async ({ ctx, scope }, request) => {
      await runById(ctx.db, scope.projectId, request.run_id);
      for (const model of request.models)
        await changeLoggedModel(ctx, scope, model.model_id, { kind: "set_step", step: model.step ?? 0 });
      return {};
    },
  });
}
