import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import type { Context } from "hono";
import { z } from "zod";
import { importOptionsSchema } from "@/domain/data/contracts";
import { AppError } from "@/domain/errors";
import type { Routes } from "../http/routes";
import { type ImportRequest, importDatasetVersion } from "./import-dataset-version";
import { tooLarge } from "./read-csv";

const query = z.object({
  /** JSON of the import options; absent means the defaults. */
  options: z.string().max(20_000).default("{}"),
  source: z.string().trim().min(1).max(200).default("upload.csv"),
  allowMissingColumns: z.enum(["true", "false"]).default("false"),
});

/** `POST …/datasets/{name}/versions?source=…&options={…}` with the CSV bytes as the body, streamed. */
export function dataRoutes(routes: Routes): void {
  routes.project(
    "POST",
    "/api/v1/projects/:projectId/datasets/:name/versions",
    "data.import",
    async (c, { ctx, scope }) => {
      try {
        const imported = await importDatasetVersion(ctx, scope, requestOf(c, ctx.config.uploadLimitBytes));
        return Response.json(imported, { status: imported.isNew ? 201 : 200 });
      } catch (error) {
        stopReading(c);
        throw error;
      }
    },
  );
}

function requestOf(c: Context, limitBytes: number): ImportRequest {
  if (Number(c.req.header("content-length") ?? 0) > limitBytes) throw tooLarge(limitBytes);
  const parsed = query.safeParse(c.req.query());
  if (!parsed.success) throw new AppError("invalid_input", "query", issueText(parsed.error));
  const options = importOptionsSchema.safeParse(jsonOf(parsed.data.options));
  if (!options.success)
    throw new AppError("invalid_input", "options", `The import options are not valid. ${issueText(options.error)}`);
  const body = c.req.raw.body;
  if (!body) throw new AppError("invalid_input", "empty_file", "The file is empty.");
  return {
    dataset: c.req.param("name") ?? "",
    sourceName: parsed.data.source,
    options: options.data,
    allowMissingColumns: parsed.data.allowMissingColumns === "true",
    // The two declarations of the same class differ in TypeScript only.
    source: Readable.fromWeb(body as unknown as NodeReadableStream),
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new AppError("invalid_input", "options", "The import options are not JSON.");
  }
}

function issueText(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; ");
}

type NodeBindings = { readonly incoming?: IncomingMessage; readonly outgoing?: ServerResponse };

/**
 * After a refusal the rest of the body is not read: the answer is sent, the client gets a moment to see it,
 * then the connection closes.
 */
function stopReading(c: Context): void {
  const { incoming, outgoing } = (c.env ?? {}) as NodeBindings;
  if (!incoming || !outgoing || incoming.readableEnded) return;
  incoming.pause();
  outgoing.setHeader("connection", "close");
}
