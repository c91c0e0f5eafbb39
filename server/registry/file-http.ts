import { and, eq, isNull } from "drizzle-orm";
import { modelVersions } from "@/db/schema/registry";
import { AppError } from "@/domain/errors";
import { confinedPath } from "../experiments/artifact-roots";
import { download } from "../experiments/mlflow/artifact-http";
import type { Routes } from "../http/routes";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Files of a registered version for the pages, by the version's id: `?path=`. */
export function versionFileRoutes(routes: Routes): void {
  routes.project(
    "GET",
    "/api/projects/:projectId/model-versions/:versionId/file",
    "registry.read",
    async (c, { ctx, scope }) => {
      const path = confinedPath(c.req.query("path") ?? "");
      const id = c.req.param("versionId") ?? "";
      const [version] = UUID.test(id)
        ? await ctx.db
            .select({ files: modelVersions.files })
            .from(modelVersions)
            .where(
              and(
                eq(modelVersions.id, id),
                eq(modelVersions.projectId, scope.projectId),
                isNull(modelVersions.deletedAt),
              ),
            )
        : [];
      const file = version?.files.find((candidate) => candidate.path === path);
      if (!file) throw new AppError("not_found", "artifact", "There is no such file.");
      return download(ctx, { ...file, mediaType: "application/octet-stream" });
    },
  );
}
