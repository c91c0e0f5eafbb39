import { z } from "zod";
import { AppError } from "@/domain/errors";
import { labelsInput, MOST_LABELS } from "@/domain/monitoring/contracts";
import type { IncomingLabel } from "@/domain/monitoring/labels";
import { eventTimesOf } from "@/domain/serving/event-time";
import type { Routes } from "../http/routes";
import { uploadBody, withUpload } from "../http/upload-body";
import { receiveLabels } from "./receive-labels";

/** Ten thousand labels of the greatest length fit. */
const MOST_BYTES = 16 * 1024 * 1024;

/** Truth about answers, later: one label, an array of them, or a line each (`application/x-ndjson`). */
export function monitoringRoutes(routes: Routes): void {
  routes.project("POST", "/api/v1/labels", "serving.label", (c, { ctx, scope }) =>
    withUpload(c, async () => {
      const text = await readText(uploadBody(c, MOST_BYTES));
      const isLines = /ndjson/i.test(c.req.header("content-type") ?? "");
      const labels = parseLabels(isLines ? parseLines(text) : parseJson(text), ctx.clock().getTime());
      return Response.json(await receiveLabels(ctx, scope, labels));
    }),
  );
}

async function readText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES)
      throw new AppError("too_large", "upload_limit", `The request is over the limit of ${MOST_BYTES} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : [value];
  } catch {
    throw new AppError("invalid_input", "json", "The body is not JSON.");
  }
}

function parseLines(text: string): unknown {
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line, index) => {
      try {
        return JSON.parse(line) as unknown;
      } catch {
        throw new AppError("invalid_input", "json", `Line ${index + 1} is not JSON.`);
      }
    });
}

function parseLabels(value: unknown, arrivalMs: number): readonly IncomingLabel[] {
  if (Array.isArray(value) && value.length > MOST_LABELS)
    throw new AppError(
      "too_large",
      "labels",
      `A request takes at most ${MOST_LABELS} labels; this has ${value.length}.`,
    );
  const parsed = labelsInput.safeParse(value);
  if (!parsed.success) throw new AppError("invalid_input", "labels", z.prettifyError(firstIssues(parsed.error)));
  return parsed.data.map(({ request_id, row, value: label, event_time }) => ({
    requestId: request_id.toLowerCase(),
    row,
    value: typeof label === "string" ? label.toWellFormed() : label,
    eventTimeMs: eventTimesOf(event_time, 1, arrivalMs)[0] ?? arrivalMs,
  }));
}

/** Ten thousand bad labels need not give ten thousand sentences. */
function firstIssues(error: z.ZodError): z.ZodError {
  return new z.ZodError(error.issues.slice(0, 5));
}
