import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import type { Context } from "hono";
import { AppError } from "@/domain/errors";
import { tooLarge } from "../blobs/byte-limit";

type NodeBindings = { readonly incoming?: IncomingMessage; readonly outgoing?: ServerResponse };

/** The body of an upload as a stream. One that announces more than the limit is refused before anything is read. */
export function uploadBody(c: Context, limitBytes: number): Readable {
  if (Number(c.req.header("content-length") ?? 0) > limitBytes) throw tooLarge(limitBytes);
  const { body } = c.req.raw;
  if (!body) throw new AppError("invalid_input", "empty_body", "The upload is empty.");
  // The two declarations of the same class differ in TypeScript only.
  return Readable.fromWeb(body as unknown as NodeReadableStream);
}

/** Runs a handler of an upload. After a refusal the rest of the body is not read: the connection closes once the answer is out. */
export async function withUpload<T>(c: Context, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { incoming, outgoing } = (c.env ?? {}) as NodeBindings;
    if (incoming && outgoing && !incoming.readableEnded) {
      incoming.pause();
      outgoing.setHeader("connection", "close");
    }
    throw error;
  }
}
