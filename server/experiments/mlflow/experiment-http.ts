import { AppError } from "@/domain/errors";
import { LIMITS } from "@/domain/experiments/names";
import { offsetOf } from "@/domain/experiments/page-token";
import { parseFilter, parseOrderBy } from "@/domain/experiments/search-grammar";
import { comparer, matches, type Searchable } from "@/domain/experiments/search-match";
import { EXPERIMENT_TARGET } from "@/domain/experiments/search-types";
import type { Scope } from "../../authz/authorize";
import type { ServiceContext } from "../../context";
import type { Routes } from "../../http/routes";
import { changeExperiment } from "../change-experiment";
import { createExperiment } from "../create-experiment";
import { mapOf } from "../create-logged-model";
import { type Experiment, experimentById, experimentByName, experimentIdOf } from "../experiment-lookup";
import { allExperiments } from "../queries";
import { retireExperiment } from "../retire-experiment";
import { type Decoded, int64, repeated, required, text } from "./decoder";
import { endpoint } from "./endpoint";
import { pageOf } from "./page-of";
import { pair, pairsOf } from "./run-fields";
import { viewType } from "./run-search-http";

const experimentId = { experiment_id: required(text) };

function experimentObject(experiment: Experiment): object {
  const id = experimentIdOf(experiment);
  const tags = Object.entries(experiment.tags).map(([key, value]) => ({ key, value }));
  return {
    experiment_id: id,
    name: experiment.name,
    artifact_location: `mlflow-artifacts:/${id}`,
    lifecycle_stage: experiment.lifecycle,
    creation_time: experiment.createdMs,
    last_update_time: experiment.updatedMs,
    ...(tags.length > 0 && { tags }),
  };
}

export function experimentEndpoints(routes: Routes): void {
  endpoint(routes, {
    method: "POST",
    path: "/mlflow/experiments/create",
    permission: "experiments.write",
    request: { name: required(text), artifact_location: text, tags: repeated(pair) },
    handle: async ({ ctx, scope }, request) => {
      if (request.artifact_location && !request.artifact_location.startsWith("mlflow-artifacts:")) {
        throw new AppError(
          "invalid_input",
          "artifact_location",
          "Artifacts are kept by this server; leave artifact_location out.",
        );
      }
      const experiment = await createExperiment(ctx, scope, { name: request.name, tags: mapOf(pairsOf(request.tags)) });
      return { experiment_id: experimentIdOf(experiment) };
    },
  });
  endpoint(routes, {
    method: "GET",
    path: "/mlflow/experiments/get",
    permission: "experiments.read",
    request: experimentId,
    handle: async ({ ctx, scope }, request) => ({
      experiment: experimentObject(await experimentById(ctx.db, scope.projectId, request.experiment_id)),
    }),
  });
  endpoint(routes, {
    method: "GET",
    path: "/mlflow/experiments/get-by-name",
    permission: "experiments.read",
    request: { experiment_name: required(text) },
    handle: async ({ ctx, scope }, request) => {
      const experiment = await experimentByName(ctx.db, scope.projectId, request.experiment_name);
      if (!experiment)
        throw new AppError(
          "not_found",
          "experiment",
          `Could not find experiment with name '${request.experiment_name}'`,
        );
      return { experiment: experimentObject(experiment) };
    },
  });
  for (const method of ["POST", "GET"] as const) {
    endpoint(routes, {
      method,
      path: "/mlflow/experiments/search",
      permission: "experiments.read",
      request: searchFields,
      handle: ({ ctx, scope }, request) => searchExperiments(ctx, scope, request),
    });
  }
  changeEndpoints(routes);
}

function changeEndpoints(routes: Routes): void {
  const post = { method: "POST", permission: "experiments.write" } as const;
  endpoint(routes, {
    ...post,
    path: "/mlflow/experiments/update",
    request: { ...experimentId, new_name: text },
    handle: async ({ ctx, scope }, request) => {
      if (request.new_name)
        await changeExperiment(ctx, scope, request.experiment_id, { kind: "rename", name: request.new_name });
      return {};
    },
  });
  endpoint(routes, {
    ...post,
    path: "/mlflow/experiments/set-experiment-tag",
    request: { ...experimentId, key: required(text), value: text },
    handle: async ({ ctx, scope }, request) => {
      await changeExperiment(ctx, scope, request.experiment_id, {
        kind: "set_tag",
        key: request.key,
        value: request.value ?? "",
      });
      return {};
    },
  });
  endpoint(routes, {
    ...post,
    path: "/mlflow/experiments/delete-experiment-tag",
    request: { ...experimentId, key: required(text) },
    handle: async ({ ctx, scope }, request) => {
      await changeExperiment(ctx, scope, request.experiment_id, { kind: "delete_tag", key: request.key });
      return {};
    },
  });
  for (const [path, lifecycle] of [
    ["delete", "deleted"],
    ["restore", "active"],
  ] as const) {
    endpoint(routes, {
      method: "POST",
      path: `/mlflow/experiments/${path}`,
      permission: "experiments.delete",
      request: experimentId,
      handle: async ({ ctx, scope }, request) => {
        await retireExperiment(ctx, scope, { experimentId: request.experiment_id, lifecycle });
        return {};
      },
    });
  }
}

const searchFields = {
  max_results: int64,
  page_token: text,
  filter: text,
  order_by: repeated(text),
  view_type: viewType,
};

function searchable(experiment: Experiment): Searchable {
  return {
    attributes: {
      name: experiment.name,
      experiment_id: experiment.number,
      creation_time: experiment.createdMs,
      last_update_time: experiment.updatedMs,
    },
    tags: experiment.tags,
  };
}

/** Experiments are few: they are filtered here, by the rule that the tests hold against the database's. */
async function searchExperiments(
  ctx: ServiceContext,
  scope: Scope<"experiments.read">,
  request: Decoded<typeof searchFields>,
): Promise<object> {
  const limit = request.max_results ?? 0;
  if (limit < 1 || limit > LIMITS.runsPerSearch) {
    throw new AppError(
      "invalid_input",
      "max_results",
      `Invalid value ${limit} for parameter 'max_results' supplied. It must be a positive integer, at most ${LIMITS.runsPerSearch}.`,
    );
  }
  const clauses = parseFilter(request.filter ?? "", EXPERIMENT_TARGET);
  const orders = parseOrderBy(
    request.order_by.length > 0 ? request.order_by : ["creation_time DESC", "experiment_id DESC"],
    EXPERIMENT_TARGET,
  );
  const wanted = request.view_type === "ALL" ? null : request.view_type === "DELETED_ONLY" ? "deleted" : "active";
  const found = (await allExperiments(ctx, scope.projectId))
    .filter(
      (experiment) => (wanted === null || experiment.lifecycle === wanted) && matches(searchable(experiment), clauses),
    )
    .sort(comparer(orders, searchable));
  return pageOf(found.map(experimentObject), { name: "experiments", limit, offset: offsetOf(request.page_token) });
}
