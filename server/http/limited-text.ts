import { AppError } from "@/domain/errors";

/** The largest body that is read into memory as text. */
export const BODY_LIMIT_BYTES = 16 * 1024 * 1024;

/** The body as text. One over the limit is refused (`too_large`) as soon as that much was read. */
export async function limitedText(request: Request): Promise<string> {
  if (!request.body) return "";
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > BODY_LIMIT_BYTES)
      throw new AppError("too_large", "body_limit", `The request is over the limit of ${BODY_LIMIT_BYTES} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
