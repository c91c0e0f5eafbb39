import type { Context } from "hono";
import { z } from "zod";
import { importOptionsSchema } from "@/domain/data/contracts";
import { AppError } from "@/domain/errors";
import { parseInput } from "../http/parse-input";
import type { Routes } from "../http/routes";
import { uploadBody, withUpload } from "../http/upload-body";
import { type ImportRequest, importDatasetVersion } from "./import-dataset-version";

const query = z.object({
  /** JSON of the import options; absent means the defaults. */
  options: z.string().max(20_000).default("{}"),
  source: z.string().trim().min(1).max(200).default("upload.csv"),
  allowMissingColumns: z.enum(["true", "false"]).default("false"),
});

/** `POST …/datasets/{name}/versions?source=…&options={…}` with the CSV bytes as the body, streamed. */
export function dataRoutes(routes: Routes): void {
  routes.project("POST", "/api/v1/projects/:projectId/datasets/:name/versions", "data.import", (c, { ctx, scope }) =>
    withUpload(c, async () => {
      const imported = await importDatasetVersion(ctx, scope, requestOf(c, ctx.config.uploadLimitBytes));
      return Response.json(imported, { status: imported.isNew ? 201 : 200 });
    }),
  );
}

function requestOf(c: Context, limitBytes: number): ImportRequest {
  const asked = parseInput(query, c.req.query(), { reason: "query" });
  const options = parseInput(importOptionsSchema, jsonOf(asked.options), {
    reason: "options",
    sentence: "The import options are not valid.",
  });
  return {
    dataset: c.req.param("name") ?? "",
    sourceName: asked.source,
    options,
    allowMissingColumns: asked.allowMissingColumns === "true",
    source: uploadBody(c, limitBytes),
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new AppError("invalid_input", "options", "The import options are not JSON.");
  }
}
