import type { IncomingMessage } from "node:http";
import { AppError } from "@/domain/errors";

export const BODY_LIMIT_BYTES = 16 * 1024 * 1024;

const tooLarge = () =>
  new AppError("too_large", "body_limit", `The body is over the limit of ${BODY_LIMIT_BYTES / 1024 / 1024} MB.`);

/** The JSON of a request's body. Stops reading past the limit. */
export function readJson(request: IncomingMessage): Promise<unknown> {
  assertJsonType(request.headers["content-type"]);
  if (Number(request.headers["content-length"] ?? 0) > BODY_LIMIT_BYTES) return Promise.reject(tooLarge());
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > BODY_LIMIT_BYTES) {
        request.pause();
        reject(tooLarge());
      } else chunks.push(chunk);
    });
    request.on("end", () => {
      try {
        resolve(JSON.parse(chunks.length === 1 ? String(chunks[0]) : Buffer.concat(chunks, bytes).toString("utf8")));
      } catch {
        reject(new AppError("invalid_input", "body", "The body is not JSON."));
      }
    });
    request.on("error", reject);
    request.on("close", () => {
      if (!request.complete) reject(new AppError("invalid_input", "body", "The request ended before its body."));
    });
  });
}

function assertJsonType(type: string | undefined): void {
  if (type === undefined || /^application\/(?:[\w.+-]*\+)?json\s*(?:;\s*charset="?utf-?8"?\s*)?$/i.test(type)) return;
  throw new AppError("invalid_input", "content_type", "Send the body as application/json in UTF-8.");
}
