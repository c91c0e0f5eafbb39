import { AppError } from "@/domain/errors";
import { runIdOf } from "@/domain/experiments/identifiers";
import { offsetOf } from "@/domain/experiments/page-token";
import { parseFilter, parseOrderBy } from "@/domain/experiments/search-grammar";
import { comparer, matches, type Searchable } from "@/domain/experiments/search-match";
import {
  type Clause,
  MODEL_VERSION_TARGET,
  type Order,
  REGISTERED_MODEL_TARGET,
} from "@/domain/experiments/search-types";
import { type Decoded, int64, repeated, text } from "../../experiments/mlflow/decoder";
import { endpoint } from "../../experiments/mlflow/endpoint";
import { pageOf } from "../../experiments/mlflow/page-of";
import type { Routes } from "../../http/routes";
import { type ModelRow, modelsWithVersions, type VersionRow } from "../queries";
import { modelObject, versionObject } from "./objects";

const searchFields = { filter: text, max_results: int64, order_by: repeated(text), page_token: text };
const PROMPT = "mlflow.prompt.is_prompt";

/** Registries are small: they are filtered here, by the language's own rule. */
export function registrySearchRoutes(routes: Routes): void {
  for (const method of ["GET", "POST"] as const) {
    const get = { method, permission: "registry.read", request: searchFields } as const;
    endpoint(routes, {
      ...get,
      path: "/mlflow/registered-models/search",
      handle: async ({ ctx, scope }, request) => {
        const clauses = parseFilter(request.filter ?? "", REGISTERED_MODEL_TARGET);
        const orders = parseOrderBy(
          [...request.order_by, ...tieBreak(request.order_by, ["name ASC"])],
          REGISTERED_MODEL_TARGET,
        );
        const models = await modelsWithVersions(ctx.db, scope.projectId);
        const found = select(models, { clauses, orders, view: searchableModel });
        return pageOf(found.map(modelObject), {
          name: "registered_models",
          limit: limitOf(request, { usual: 100, most: 1_000 }),
          offset: offsetOf(request.page_token),
        });
      },
    });
    endpoint(routes, {
      ...get,
      path: "/mlflow/model-versions/search",
      handle: async ({ ctx, scope }, request) => {
        const clauses = parseFilter(request.filter ?? "", MODEL_VERSION_TARGET);
        const usual = tieBreak(request.order_by, ["last_updated_timestamp DESC", "name ASC", "version_number DESC"]);
        const orders = parseOrderBy([...request.order_by, ...usual], MODEL_VERSION_TARGET);
        const versions = (await modelsWithVersions(ctx.db, scope.projectId)).flatMap((model) => model.versions);
        const found = select(versions, { clauses, orders, view: searchableVersion });
        return pageOf(found.map(versionObject), {
          name: "model_versions",
          limit: limitOf(request, { usual: 10_000, most: 200_000 }),
          offset: offsetOf(request.page_token),
        });
      },
    });
  }
}

/** The usual order after the one that was asked for, without a field twice. */
function tieBreak(asked: readonly string[], usual: readonly string[]): readonly string[] {
  const fieldOf = (entry: string) =>
    entry
      .trim()
      .split(/\s+/)[0]
      ?.replace(/^(attributes?|attr)\./, "");
  return usual.filter((entry) => !asked.some((other) => fieldOf(other) === fieldOf(entry)));
}

/**
 * Prompts are models with a tag of their own. They are left out unless the filter asks for them; that a
 * model has not the tag, which no comparison finds, is what the client means by `!= 'true'`.
 */
function select<T>(rows: readonly T[], by: Selection<T>): readonly T[] {
  const isAboutPrompts = (clause: Clause) => clause.entity === "tag" && clause.key === PROMPT;
  const arePrompts = by.clauses.some(
    (clause) => isAboutPrompts(clause) && clause.comparator === "=" && clause.value === "true",
  );
  const clauses = by.clauses.filter((clause) => !isAboutPrompts(clause));
  return rows
    .filter((row) => matches(by.view(row), clauses) && (by.view(row).tags[PROMPT] === "true") === arePrompts)
    .sort(comparer(by.orders, by.view));
}

type Selection<T> = {
  readonly clauses: readonly Clause[];
  readonly orders: readonly Order[];
  readonly view: (row: T) => Searchable;
};

function limitOf(
  request: Decoded<typeof searchFields>,
  limits: { readonly usual: number; readonly most: number },
): number {
  const limit = request.max_results ?? limits.usual;
  if (limit < 1 || limit > limits.most)
    throw new AppError(
      "invalid_input",
      "max_results",
      `Invalid value ${limit} for parameter 'max_results' supplied. It must be at least 1 and at most ${limits.most}.`,
    );
  return limit;
}

function searchableModel(model: ModelRow): Searchable {
  const updated = model.updatedAt.getTime();
  return { attributes: { name: model.name, timestamp: updated, last_updated_timestamp: updated }, tags: model.tags };
}

function searchableVersion(version: VersionRow): Searchable {
  return {
    attributes: {
      name: version.modelName,
      run_id: version.experimentRunId === null ? null : runIdOf(version.experimentRunId),
      source_path: version.source,
      version_number: version.version,
      creation_timestamp: version.createdAt.getTime(),
      last_updated_timestamp: version.updatedAt.getTime(),
    },
    tags: version.tags,
  };
}
