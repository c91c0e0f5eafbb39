import { parse } from "yaml";
import { AppError } from "@/domain/errors";
import { modelFileOf, onnxFileOf, type PackageFile } from "@/domain/registry/model-file";
import type { ModelSignature } from "@/domain/registry/types";
import type { ServiceContext } from "../context";
import { filesOf } from "../experiments/artifact-roots";

/** What a version keeps of a model: every file by digest, the ONNX file among them, and its contract. */
export type ModelPackage = {
  readonly files: readonly PackageFile[];
  readonly onnx: PackageFile | null;
  readonly signature: ModelSignature | null;
};

export const EMPTY_PACKAGE: ModelPackage = { files: [], onnx: null, signature: null };

const MLMODEL_LIMIT = 1024 * 1024;

/** Gathers the files below a folder of a run or a logged model, with paths from that folder. */
export async function packageAt(ctx: ServiceContext, projectId: string, at: { readonly root: string; readonly folder: string }): Promise<ModelPackage> {
  const prefix = at.folder === "" ? "" : `${at.folder}/`;
  const files = (await filesOf(ctx.db, projectId, at.root))
    .filter((file) => file.path.startsWith(prefix))
    .map((file) => ({ path: file.path.slice(prefix.length), sha256: file.sha256, bytes: file.bytes }));
  const described = await describedBy(ctx, files.find((file) => file.path === "MLmodel"));
  const onnx = onnxFileOf(files, described.onnxPath);
  return { files, onnx, signature: await contractOf(ctx, onnx, described.columns) };
}

async function describedBy(ctx: ServiceContext, file: PackageFile | undefined): Promise<ReturnType<typeof modelFileOf>> {
  if (!file || file.bytes > MLMODEL_LIMIT) return modelFileOf(null);
  const text = Buffer.from(await ctx.blobs.read(file.sha256)).toString("utf8");
  try {
    return modelFileOf(parse(text));
  } catch {
    throw new AppError("invalid_input", "mlmodel", "The model's MLmodel file is no valid YAML.");
  }
}

/** The contract of a version: the columns that MLmodel names, and the tensors of the ONNX file. */
async function contractOf(_ctx: ServiceContext, onnx: PackageFile | null, columns: ModelSignature["columns"]): Promise<ModelSignature | null> {
  if (!onnx && columns.length === 0) return null;
  return { columns, inputs: [], outputs: [] };
}
