import { Readable } from "node:stream";
import type { Context } from "hono";
import { AppError } from "@/domain/errors";
import type { Scope } from "../../authz/authorize";
import type { ServiceContext } from "../../context";
import type { Routes } from "../../http/routes";
import { uploadBody, withUpload } from "../../http/upload-body";
import { type ArtifactFile, confinedPath, fileAt, locateArtifact, runArtifactUri } from "../artifact-roots";
import { deleteArtifact } from "../delete-artifact";
import { loggedModelById } from "../logged-models";
import { runById } from "../run-access";
import { storeArtifact } from "../store-artifact";
import { required, text } from "./decoder";
import { endpoint, mlflowErrors, PREFIXES } from "./endpoint";
import { listedFiles } from "./file-object";
import { runIdFrom, runName } from "./run-fields";

const ARTIFACTS = "/mlflow-artifacts/artifacts";

/** What stands after `prefix` in the address, percent-decoded exactly once and confined. */
function pathAfter(c: Context, prefix: string): string {
  const { pathname } = new URL(c.req.url);
  try {
    return confinedPath(decodeURIComponent(pathname.slice(prefix.length)));
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError("invalid_input", "artifact_path", "Invalid path");
  }
}

/** Files of runs and logged models, streamed in both directions. */
export function artifactRoutes(routes: Routes): void {
  // Before the wildcard, which also matches the bare folder.
  listRoutes(routes);
  for (const prefix of PREFIXES) {
    const base = `${prefix}${ARTIFACTS}/`;
    routes.project(
      "PUT",
      `${base}*`,
      "experiments.write",
      (c, { ctx, scope }) => upload(c, { ctx, scope, fullPath: pathAfter(c, base) }),
      mlflowErrors,
    );
    routes.project(
      "GET",
      `${base}*`,
      "experiments.read",
      async (c, { ctx, scope }) => {
        const { owner, path } = await locateArtifact(ctx.db, scope.projectId, pathAfter(c, base));
        return download(ctx, await fileAt(ctx.db, scope.projectId, { root: owner.root, path }));
      },
      mlflowErrors,
    );
    routes.project(
      "DELETE",
      `${base}*`,
      "experiments.delete",
      async (c, { ctx, scope }) => {
        await deleteArtifact(ctx, scope, pathAfter(c, base));
        return Response.json({});
      },
      mlflowErrors,
    );
    for (const act of ["create", "complete", "abort"])
      routes.project(
        "POST",
        `${prefix}/mlflow-artifacts/mpu/${act}/*`,
        "experiments.write",
        notSupported("Multipart upload"),
        mlflowErrors,
      );
    routes.project(
      "GET",
      `${prefix}/mlflow-artifacts/presigned/*`,
      "experiments.read",
      notSupported("Presigned download"),
      mlflowErrors,
    );
  }
  downloadRoutes(routes);
}

/** The client looks for this beginning, then sends the file in one piece. */
function notSupported(what: string): () => Promise<Response> {
  return async () =>
    Response.json(
      { error_code: "NOT_IMPLEMENTED", message: `${what} is not supported for the current artifact repository` },
      { status: 501 },
    );
}

async function upload(
  c: Context,
  to: { readonly ctx: ServiceContext; readonly scope: Scope<"experiments.write">; readonly fullPath: string },
): Promise<Response> {
  const { ctx, scope, fullPath } = to;
  // An empty file comes in chunks and without a length: no body at all is an empty file.
  const body = c.req.raw.body ? uploadBody(c, ctx.config.uploadLimitBytes) : new Uint8Array();
  const mediaType = c.req.header("content-type") ?? "application/octet-stream";
  await withUpload(c, () => storeArtifact(ctx, scope, { fullPath, body, mediaType }));
  return Response.json({});
}

/** The bytes as an attachment; names beyond ASCII travel by RFC 5987. */
export async function download(
  ctx: ServiceContext,
  file: Pick<ArtifactFile, "path" | "sha256" | "bytes" | "mediaType">,
): Promise<Response> {
  const name = file.path.slice(file.path.lastIndexOf("/") + 1);
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, "_");
  const stream = await ctx.blobs.stream(file.sha256);
  return new Response(Readable.toWeb(stream) as unknown as BodyInit, {
    headers: {
      "content-type": file.mediaType,
      "content-length": String(file.bytes),
      "content-disposition": `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(name).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)}`,
      "x-content-type-options": "nosniff",
      "content-security-policy": "default-src 'none'; sandbox",
    },
  });
}

function listRoutes(routes: Routes): void {
  endpoint(routes, {
    method: "GET",
    path: ARTIFACTS,
    permission: "experiments.read",
    request: { path: text },
    handle: async ({ ctx, scope }, request) => {
      const { owner, path } = await locateArtifact(ctx.db, scope.projectId, confinedPath(request.path ?? ""));
      return listedFiles(ctx, scope.projectId, { owner, folder: path, isBareName: true });
    },
  });
  endpoint(routes, {
    method: "GET",
    path: "/mlflow/artifacts/list",
    permission: "experiments.read",
    request: { ...runName, path: text },
    handle: async ({ ctx, scope }, request) => {
      const folder = confinedPath(request.path ?? "");
      const run = await runById(ctx.db, scope.projectId, runIdFrom(request));
      return {
        root_uri: runArtifactUri(run),
        ...(await listedFiles(ctx, scope.projectId, { owner: { root: run.id }, folder })),
      };
    },
  });
}

/** The addresses from which MLflow's own pages download. */
function downloadRoutes(routes: Routes): void {
  const read = required(text).read;
  routes.project(
    "GET",
    "/get-artifact",
    "experiments.read",
    async (c, { ctx, scope }) => {
      const path = confinedPath(read(c.req.query("path"), "path"));
      const run = await runById(
        ctx.db,
        scope.projectId,
        runIdFrom({ run_id: c.req.query("run_id"), run_uuid: c.req.query("run_uuid") }),
      );
      return download(ctx, await fileAt(ctx.db, scope.projectId, { root: run.id, path }));
    },
    mlflowErrors,
  );
  routes.project(
    "GET",
    "/ajax-api/2.0/mlflow/logged-models/:model_id/artifacts/files",
    "experiments.read",
    async (c, { ctx, scope }) => {
      const path = confinedPath(read(c.req.query("artifact_file_path"), "artifact_file_path"));
      const model = await loggedModelById(ctx.db, scope.projectId, read(c.req.param("model_id"), "model_id"));
      return download(ctx, await fileAt(ctx.db, scope.projectId, { root: model.id, path }));
    },
    mlflowErrors,
  );
}
