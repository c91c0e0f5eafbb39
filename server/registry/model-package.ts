import { parse } from "yaml";
import { onnxFileOf, onnxPathOf, type PackageFile } from "@/domain/registry/model-file";
import type { ModelSignature } from "@/domain/registry/types";
import type { ServiceContext } from "../context";
import { filesOf } from "../experiments/artifact-roots";
import { readModelContract } from "../serving/read-model-contract";

/** What a version keeps of a model: every file by digest, the ONNX file among them, and its contract. */
export type ModelPackage = {
  readonly files: readonly PackageFile[];
  readonly onnx: PackageFile | null;
  readonly signature: ModelSignature | null;
  /** Why there is an ONNX file without a contract, as a sentence. */
  readonly problem: string | null;
};

export const EMPTY_PACKAGE: ModelPackage = { files: [], onnx: null, signature: null, problem: null };

const MLMODEL_LIMIT = 1024 * 1024;

/** Gathers the files below a folder of a run or a logged model, with paths from that folder. */
export async function packageAt(
  ctx: ServiceContext,
  projectId: string,
  at: { readonly root: string; readonly folder: string },
): Promise<ModelPackage> {
  const prefix = at.folder === "" ? "" : `${at.folder}/`;
  const files = (await filesOf(ctx.db, projectId, at.root))
    .filter((file) => file.path.startsWith(prefix))
    .map((file) => ({ path: file.path.slice(prefix.length), sha256: file.sha256, bytes: file.bytes }));
  const mlmodel = await textOf(
    ctx,
    files.find((file) => file.path === "MLmodel"),
  );
  const onnx = onnxFileOf(files, mlmodel === null ? null : onnxPathOf(parsed(mlmodel)));
  return { files, onnx, ...(await contractOf(ctx, onnx, mlmodel)) };
}

async function textOf(ctx: ServiceContext, file: PackageFile | undefined): Promise<string | null> {
  if (!file || file.bytes > MLMODEL_LIMIT) return null;
  return Buffer.from(await ctx.blobs.read(file.sha256)).toString("utf8");
}

/** A file that is no YAML says nothing. */
function parsed(mlmodel: string): unknown {
  try {
    return parse(mlmodel);
  } catch {
    return null;
  }
}

/** A version may be registered without a contract; its promotion then says what is missing. */
async function contractOf(
  ctx: ServiceContext,
  onnx: PackageFile | null,
  mlmodel: string | null,
): Promise<Pick<ModelPackage, "signature" | "problem">> {
  if (!onnx) return { signature: null, problem: null };
  try {
    return { signature: await readModelContract(ctx, { onnxSha256: onnx.sha256, mlmodel }), problem: null };
  } catch (error) {
    ctx.log.info({ err: error, onnx: onnx.sha256 }, "the contract of an ONNX file could not be read");
    return { signature: null, problem: error instanceof Error ? error.message : "The ONNX file cannot be read." };
  }
}
