import { AppError } from "@/domain/errors";
import type { Routes } from "../http/routes";
import { download } from "./mlflow/artifact-http";
import { artifactOf, pictureTypeOf } from "./views/artifact-preview";

const BASE = "/api/projects/:projectId/artifacts";

/** Files of runs and logged models for the pages: `?path=`, as a download or, for a picture, to look at. */
export function fileRoutes(routes: Routes): void {
  routes.project("GET", `${BASE}/:root`, "experiments.read", async (c, { ctx, scope }) => {
    const file = await artifactOf(ctx, scope, { root: c.req.param("root") ?? "", path: c.req.query("path") ?? "" });
    const response = await download(ctx, file);
    if (c.req.query("show") === undefined) return response;
    const picture = pictureTypeOf(file.path);
    if (!picture) throw new AppError("invalid_input", "no_picture", "This file is no picture.");
    response.headers.set("content-type", picture);
    response.headers.set("content-disposition", "inline");
    return response;
  });
}
