import { AppError } from "@/domain/errors";
import { stageOf } from "@/domain/registry/policy";
import { isProtectedAlias } from "@/domain/registry/types";
import type { Scope } from "../../authz/authorize";
import type { ServiceContext } from "../../context";
import { confinedPath, modelArtifactUri } from "../../experiments/artifact-roots";
import { loggedModelById } from "../../experiments/logged-models";
import { download } from "../../experiments/mlflow/artifact-http";
import { bool, repeated, required, text } from "../../experiments/mlflow/decoder";
import { endpoint, mlflowErrors } from "../../experiments/mlflow/endpoint";
import { pair, pairsOf } from "../../experiments/mlflow/run-fields";
import type { Routes } from "../../http/routes";
import { refuseProtectedAlias, refuseSteps } from "../change-alias";
import { changeModelVersion } from "../change-model-version";
import { createModelVersion } from "../create-model-version";
import { deleteModelVersion } from "../delete-model-version";
import { versionNumberOf } from "../model-lookup";
import type { VersionRow } from "../queries";
import { knownStage, modelNamed } from "./model-http";
import { versionObject } from "./objects";

const ROOT = "/mlflow/model-versions";
const byNumber = { name: required(text), version: required(text) };

async function versionNamed(
  ctx: ServiceContext,
  scope: Scope,
  at: { readonly name: string; readonly version: string },
): Promise<VersionRow> {
  const number = versionNumberOf(at.version);
  const version = (await modelNamed(ctx, scope, at.name)).versions.find((candidate) => candidate.version === number);
  if (!version)
    throw new AppError(
      "not_found",
      "model_version",
      `Model Version (name=${at.name}, version=${at.version}) not found`,
    );
  return version;
}

const answer = async (ctx: ServiceContext, scope: Scope, at: { readonly name: string; readonly version: string }) => ({
  model_version: versionObject(await versionNamed(ctx, scope, at)),
});

export function modelVersionRoutes(routes: Routes): void {
  endpoint(routes, {
    method: "POST",
    path: `${ROOT}/create`,
    permission: "registry.register",
    request: {
      name: required(text),
      source: required(text),
      run_id: text,
      tags: repeated(pair),
      run_link: text,
      description: text,
      model_id: text,
    },
    handle: async ({ ctx, scope }, request) => {
      const { model, version } = await createModelVersion(ctx, scope, {
        name: request.name,
        source: request.source,
        runId: request.run_id,
        loggedModelId: request.model_id,
        description: request.description,
        tags: pairsOf(request.tags),
      });
      return answer(ctx, scope, { name: model.name, version: String(version.version) });
    },
  });
  endpoint(routes, {
    method: "GET",
    path: `${ROOT}/get`,
    permission: "registry.read",
    request: byNumber,
    handle: ({ ctx, scope }, request) => answer(ctx, scope, request),
  });
  endpoint(routes, {
    method: "GET",
    path: `${ROOT}/get-download-uri`,
    permission: "registry.read",
    request: byNumber,
    handle: async ({ ctx, scope }, request) => {
      const version = await versionNamed(ctx, scope, request);
      if (version.loggedModelId === null) return { artifact_uri: version.source };
      const model = await loggedModelById(ctx.db, scope.projectId, version.loggedModelId, { isDeletedShown: true });
      return { artifact_uri: modelArtifactUri(model.experiment, model.id) };
    },
  });
  routes.project(
    "GET",
    "/model-versions/get-artifact",
    "registry.read",
    async (c, { ctx, scope }) => {
      const path = confinedPath(required(text).read(c.req.query("path"), "path"));
      const version = await versionNamed(ctx, scope, {
        name: c.req.query("name") ?? "",
        version: c.req.query("version") ?? "",
      });
      const file = version.files.find((candidate) => candidate.path === path);
      if (!file) throw new AppError("not_found", "artifact", `No such artifact: '${path}'`);
      return download(ctx, { ...file, mediaType: "application/octet-stream" });
    },
    mlflowErrors,
  );
  changeRoutes(routes);
}

function changeRoutes(routes: Routes): void {
  const write = { permission: "registry.register" } as const;
  const change = async (
    { ctx, scope }: { readonly ctx: ServiceContext; readonly scope: Scope<"registry.register"> },
    at: { readonly name: string; readonly version: string },
    to: Parameters<typeof changeModelVersion>[2]["change"],
  ) => changeModelVersion(ctx, scope, { name: at.name, version: versionNumberOf(at.version), change: to });
  endpoint(routes, {
    ...write,
    method: "PATCH",
    path: `${ROOT}/update`,
    request: { ...byNumber, description: text },
    handle: async (call, request) => {
      await change(call, request, { kind: "describe", description: request.description ?? "" });
      return answer(call.ctx, call.scope, request);
    },
  });
  endpoint(routes, {
    ...write,
    method: "POST",
    path: `${ROOT}/set-tag`,
    request: { ...byNumber, key: required(text), value: text },
    handle: async (call, request) => {
      await change(call, request, { kind: "set_tag", key: request.key, value: request.value ?? "" });
      return {};
    },
  });
  endpoint(routes, {
    ...write,
    method: "DELETE",
    path: `${ROOT}/delete-tag`,
    request: { ...byNumber, key: required(text) },
    handle: async (call, request) => {
      await change(call, request, { kind: "delete_tag", key: request.key });
      return {};
    },
  });
  endpoint(routes, {
    method: "DELETE",
    path: `${ROOT}/delete`,
    permission: "registry.retire",
    request: byNumber,
    handle: async ({ ctx, scope }, request) => {
      await deleteModelVersion(ctx, scope, { name: request.name, version: versionNumberOf(request.version) });
      return {};
    },
  });
  endpoint(routes, {
    ...write,
    method: "POST",
    path: `${ROOT}/transition-stage`,
    request: { ...byNumber, stage: required(text), archive_existing_versions: bool },
    handle: async (call, request) => {
      await refuseStage(call, request);
      return answer(call.ctx, call.scope, request);
    },
  });
}

/** Stages show what the protected aliases say; a version is already in the one that is asked for, or the answer names the way. */
async function refuseStage(
  { ctx, scope }: { readonly ctx: ServiceContext; readonly scope: Scope<"registry.register"> },
  request: { readonly name: string; readonly version: string; readonly stage: string },
): Promise<void> {
  await refuseSteps(ctx, scope);
  const stage = knownStage(request.stage);
  const version = await versionNamed(ctx, scope, request);
  if (isProtectedAlias(stage))
    await refuseProtectedAlias(ctx, scope, { name: request.name, alias: stage, version: version.version });
  const current = stageOf(version.aliases);
  if (current === stage) return;
  if (current !== "None") await refuseProtectedAlias(ctx, scope, { name: request.name, alias: current, version: null });
  throw new AppError(
    "invalid_input",
    "stage",
    "This registry keeps aliases, not stages. Set an alias, or delete the version.",
  );
}
