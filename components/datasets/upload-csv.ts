import { z } from "zod";
import type { CallError } from "../providers/call-error";

const imported = z.object({ id: z.string(), version: z.number(), rows: z.number(), isNew: z.boolean() });
export type Imported = z.infer<typeof imported>;

const refused = z.object({
  error: z.string(),
  reason: z.string(),
  message: z.string(),
  requestId: z.string(),
  details: z.record(z.string(), z.unknown()).optional(),
});

export type Upload = {
  readonly projectId: string;
  readonly dataset: string;
  readonly file: File;
  /** Import options as JSON. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly allowMissingColumns: boolean;
  /** The share of bytes that was sent, in [0, 1]; 1 while the server reads the file. */
  readonly onProgress: (share: number) => void;
  readonly signal: AbortSignal;
};

/** Streams a file to the import route; `fetch` does not tell how far an upload is. Rejects with a `CallError`. */
export function uploadCsv(upload: Upload): Promise<Imported> {
  const query = new URLSearchParams({
    source: upload.file.name.slice(0, 200),
    options: JSON.stringify(upload.options),
    allowMissingColumns: String(upload.allowMissingColumns),
  });
  const url = `/api/v1/projects/${upload.projectId}/datasets/${encodeURIComponent(upload.dataset)}/versions?${query}`;
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.setRequestHeader("x-countersign", "1");
    request.setRequestHeader("content-type", "text/csv");
    request.upload.addEventListener("progress", (event) =>
      upload.onProgress(event.total > 0 ? event.loaded / event.total : 0),
    );
    request.addEventListener("load", () => {
      const answer = jsonOf(request.responseText);
      const done = imported.safeParse(answer);
      if (request.status < 300 && done.success) resolve(done.data);
      else reject(problemOf(answer));
    });
    request.addEventListener("error", () => reject(unreachable(upload.file)));
    request.addEventListener("abort", () => reject(plain("The upload was stopped.")));
    upload.signal.addEventListener("abort", () => request.abort());
    request.send(upload.file);
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function problemOf(answer: unknown): CallError {
  const parsed = refused.safeParse(answer);
  if (!parsed.success) return plain("The server gave an answer that could not be read.");
  const { error, reason, message, requestId, details } = parsed.data;
  return { code: error, reason, message, requestId, fields: {}, details: details ?? null };
}

/** The server closes the connection over its limit, which a browser may report as a lost one. */
function unreachable(file: File): CallError {
  const size = Math.ceil(file.size / 1024 / 1024);
  return plain(`The connection ended before the whole file was sent (${size} MB). It may be over the server's limit.`);
}

function plain(message: string): CallError {
  return { code: null, reason: null, message, requestId: null, fields: {}, details: null };
}
