import { AppError } from "@/domain/errors";
import { stageNamed } from "@/domain/registry/policy";
import type { Scope } from "../../authz/authorize";
import type { ServiceContext } from "../../context";
import { repeated, required, text } from "../../experiments/mlflow/decoder";
import { endpoint } from "../../experiments/mlflow/endpoint";
import { pair, pairsOf } from "../../experiments/mlflow/run-fields";
import type { Routes } from "../../http/routes";
import { changeAlias } from "../change-alias";
import { changeRegisteredModel } from "../change-registered-model";
import { createRegisteredModel } from "../create-registered-model";
import { deleteRegisteredModel } from "../delete-registered-model";
import { versionNumberOf } from "../model-lookup";
import { type ModelRow, modelsWithVersions } from "../queries";
import { latestVersions, modelObject, versionObject } from "./objects";

const ROOT = "/mlflow/registered-models";
const byName = { name: required(text) };

export async function modelNamed(ctx: ServiceContext, scope: Scope, name: string): Promise<ModelRow> {
  const [model] = await modelsWithVersions(ctx.db, scope.projectId, name);
  if (!model) throw new AppError("not_found", "registered_model", `Registered Model with name=${name} not found`);
  return model;
}

const answer = async (ctx: ServiceContext, scope: Scope, name: string) => ({
  registered_model: modelObject(await modelNamed(ctx, scope, name)),
});

export function registeredModelRoutes(routes: Routes): void {
  endpoint(routes, {
    method: "POST",
    path: `${ROOT}/create`,
    permission: "registry.register",
    request: { ...byName, tags: repeated(pair), description: text },
    handle: async ({ ctx, scope }, request) => {
      const model = await createRegisteredModel(ctx, scope, {
        name: request.name,
        description: request.description,
        tags: pairsOf(request.tags),
      });
      return answer(ctx, scope, model.name);
    },
  });
  endpoint(routes, {
    method: "GET",
    path: `${ROOT}/get`,
    permission: "registry.read",
    request: byName,
    handle: ({ ctx, scope }, request) => answer(ctx, scope, request.name),
  });
  for (const method of ["POST", "GET"] as const) {
    endpoint(routes, {
      method,
      path: `${ROOT}/get-latest-versions`,
      permission: "registry.read",
      request: { ...byName, stages: repeated(text) },
      handle: async ({ ctx, scope }, request) => {
        const versions = latestVersions(await modelNamed(ctx, scope, request.name), request.stages.map(knownStage));
        return versions.length > 0 ? { model_versions: versions.map(versionObject) } : {};
      },
    });
  }
  changeRoutes(routes);
  aliasRoutes(routes);
}

export function knownStage(text: string): string {
  const stage = stageNamed(text);
  if (!stage)
    throw new AppError(
      "invalid_input",
      "stage",
      `Invalid Model Version stage: ${text}. Value must be one of None, Staging, Production, Archived.`,
    );
  return stage;
}

function changeRoutes(routes: Routes): void {
  const write = { permission: "registry.register" } as const;
  endpoint(routes, {
    ...write,
    method: "POST",
    path: `${ROOT}/rename`,
    request: { ...byName, new_name: required(text) },
    handle: async ({ ctx, scope }, request) => {
      await changeRegisteredModel(ctx, scope, request.name, { kind: "rename", name: request.new_name });
      return answer(ctx, scope, request.new_name);
    },
  });
  endpoint(routes, {
    ...write,
    method: "PATCH",
    path: `${ROOT}/update`,
    request: { ...byName, description: text },
    handle: async ({ ctx, scope }, request) => {
      await changeRegisteredModel(ctx, scope, request.name, {
        kind: "describe",
        description: request.description ?? "",
      });
      return answer(ctx, scope, request.name);
    },
  });
  endpoint(routes, {
    method: "DELETE",
    path: `${ROOT}/delete`,
    permission: "registry.retire",
    request: byName,
    handle: async ({ ctx, scope }, request) => {
      await deleteRegisteredModel(ctx, scope, request.name);
      return {};
    },
  });
  endpoint(routes, {
    ...write,
    method: "POST",
    path: `${ROOT}/set-tag`,
    request: { ...byName, key: required(text), value: text },
    handle: async ({ ctx, scope }, request) => {
      await changeRegisteredModel(ctx, scope, request.name, {
        kind: "set_tag",
        key: request.key,
        value: request.value ?? "",
      });
      return {};
    },
  });
  endpoint(routes, {
    ...write,
    method: "DELETE",
    path: `${ROOT}/delete-tag`,
    request: { ...byName, key: required(text) },
    handle: async ({ ctx, scope }, request) => {
      await changeRegisteredModel(ctx, scope, request.name, { kind: "delete_tag", key: request.key });
      return {};
    },
  });
}

function aliasRoutes(routes: Routes): void {
  const path = `${ROOT}/alias`;
  const named = { ...byName, alias: required(text) };
  endpoint(routes, {
    method: "POST",
    path,
    permission: "registry.register",
    request: { ...named, version: required(text) },
    handle: async ({ ctx, scope }, request) => {
      await changeAlias(ctx, scope, {
        name: request.name,
        alias: request.alias,
        version: versionNumberOf(request.version),
      });
      return {};
    },
  });
  endpoint(routes, {
    method: "DELETE",
    path,
    permission: "registry.register",
    request: named,
    handle: async ({ ctx, scope }, request) => {
      await changeAlias(ctx, scope, { name: request.name, alias: request.alias, version: null });
      return {};
    },
  });
  endpoint(routes, {
    method: "GET",
    path,
    permission: "registry.read",
    request: named,
    handle: async ({ ctx, scope }, request) => {
      const model = await modelNamed(ctx, scope, request.name);
      const isLatest = request.alias.toLowerCase() === "latest";
      const version = isLatest
        ? model.versions[0]
        : model.versions.find((candidate) => candidate.aliases.includes(request.alias));
      // The protocol answers a missing alias with INVALID_PARAMETER_VALUE, not with 404.
      if (!version) throw new AppError("invalid_input", "alias", `Registered model alias ${request.alias} not found.`);
      return { model_version: versionObject(version) };
    },
  });
}
