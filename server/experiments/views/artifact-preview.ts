import type { PreviewInput } from "@/domain/experiments/contracts";
import { isLoggedModelId } from "@/domain/experiments/identifiers";
import type { Scope } from "../../authz/authorize";
import type { ServiceContext } from "../../context";
import { confinedPath, fileAt } from "../artifact-roots";
import { loggedModelById } from "../logged-models";
import { runById } from "../run-access";

const LIMIT = 64 * 1024;
const IMAGE = /\.(png|jpe?g|gif|webp)$/i;

export type Preview =
  | { readonly kind: "text"; readonly text: string; readonly isCut: boolean }
  | { readonly kind: "image" }
  /** Bytes that are no text. */
  | { readonly kind: "binary" };

/** A file of a run or of a logged model of the project. */
export async function artifactOf(ctx: ServiceContext, scope: Scope<"experiments.read">, at: PreviewInput) {
  const path = confinedPath(at.path);
  const root = isLoggedModelId(at.root)
    ? (await loggedModelById(ctx.db, scope.projectId, at.root, { isDeletedShown: true })).id
    : (await runById(ctx.db, scope.projectId, at.root)).id;
  return fileAt(ctx.db, scope.projectId, { root, path });
}

/** The first 64 KB of a text, or what kind of file it is. */
export async function previewArtifact(
  ctx: ServiceContext,
  scope: Scope<"experiments.read">,
  at: PreviewInput,
): Promise<Preview> {
  const file = await artifactOf(ctx, scope, at);
  if (IMAGE.test(file.path)) return { kind: "image" };
  const bytes = await firstBytes(ctx, file.sha256);
  if (bytes.includes(0)) return { kind: "binary" };
  const text = new TextDecoder("utf-8", { fatal: false }).decode(bytes.subarray(0, LIMIT));
  // A character that was cut in two at the end is no sign of a binary file.
  if (text.slice(0, -1).includes("\ufffd")) return { kind: "binary" };
  return { kind: "text", text: text.endsWith("\ufffd") ? text.slice(0, -1) : text, isCut: file.bytes > LIMIT };
}

async function firstBytes(ctx: ServiceContext, sha256: string): Promise<Buffer> {
  const stream = await ctx.blobs.stream(sha256);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).byteLength;
    if (size >= LIMIT) break;
  }
  return Buffer.concat(chunks);
}

/** The media type under which a picture may be shown in a page; null for everything else. */
export function pictureTypeOf(path: string): string | null {
  const extension = IMAGE.exec(path)?.[1]?.toLowerCase();
  if (!extension) return null;
  return `image/${extension === "jpg" ? "jpeg" : extension}`;
}
