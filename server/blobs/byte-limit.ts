import { AppError } from "@/domain/errors";

const MB = 1024 * 1024;

export function tooLarge(limitBytes: number): AppError {
  const size = limitBytes < MB ? `${limitBytes} bytes` : `${Math.floor(limitBytes / MB)} MB (${limitBytes} bytes)`;
  return new AppError("too_large", "upload_limit", `The upload is over the limit of ${size}.`);
}

/** The chunks of a source, as bytes, until they are more than the limit: then `too_large`, and nothing more is read. */
export async function* limited(
  source: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array>,
  limitBytes: number,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of source) {
    const buffer = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
    bytes += buffer.byteLength;
    if (bytes > limitBytes) throw tooLarge(limitBytes);
    yield buffer;
  }
}
