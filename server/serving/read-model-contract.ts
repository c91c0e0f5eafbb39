import { parse } from "yaml";
import { z } from "zod";
import { AppError } from "@/domain/errors";
import type { ModelSignature } from "@/domain/registry/types";
import { layoutOf } from "@/domain/serving/layout";
import type { ServiceContext } from "../context";
import { OnnxError, readOnnx } from "./onnx-file";

type Column = ModelSignature["columns"][number];

/** The columns of an MLflow signature: `[{"type":"double","name":"wind"}]`. Tensor signatures name none. */
const mlflowColumns = z.array(
  z.object({ type: z.enum(["double", "float", "long", "integer", "boolean", "string"]), name: z.string().min(1) }),
);

/**
 * The contract of an ONNX file: its tensors, and the columns from the `MLmodel` text where it was logged with a
 * signature, else named after the tensors (`wind`, or `float_input_0` …). Throws `invalid_input` with the reason
 * where the file is no ONNX model, keeps tensors outside, has outputs that are no tensors, or disagrees with the columns.
 */
export async function readModelContract(
  ctx: Pick<ServiceContext, "blobs">,
  model: { readonly onnxSha256: string; readonly mlmodel?: string | null },
): Promise<ModelSignature> {
  return contractOf(await ctx.blobs.read(model.onnxSha256), model.mlmodel ?? null);
}

export function contractOf(onnx: Uint8Array, mlmodel: string | null): ModelSignature {
  const { inputs, outputs } = readTensors(onnx);
  const signature: ModelSignature = { columns: columnsOf(mlmodel) ?? namedAfterTensors(inputs), inputs, outputs };
  const { problem } = layoutOf(signature);
  if (problem !== null) throw new AppError("invalid_input", "contract", problem);
  return signature;
}

function readTensors(onnx: Uint8Array) {
  try {
    return readOnnx(onnx);
  } catch (error) {
    if (error instanceof OnnxError) throw new AppError("invalid_input", error.reason, error.message);
    throw error;
  }
}

/** Columns of the signature in an `MLmodel` file; null where there is none with names. */
function columnsOf(mlmodel: string | null): readonly Column[] | null {
  if (mlmodel === null) return null;
  const document = z.object({ signature: z.object({ inputs: z.string() }).nullish() }).safeParse(parse(mlmodel));
  const inputs = document.success ? document.data.signature?.inputs : undefined;
  if (!inputs) return null;
  const columns = mlflowColumns.safeParse(JSON.parse(inputs));
  return columns.success && columns.data.length > 0 ? columns.data : null;
}

function namedAfterTensors(inputs: ModelSignature["inputs"]): readonly Column[] {
  return inputs.flatMap((input) => {
    const width = input.shape.slice(1).reduce((product, size) => product * Math.max(size, 1), 1);
    const type = columnType(input.datatype);
    return Array.from(
      { length: width },
      (_, index): Column => ({ name: width === 1 ? input.name : `${input.name}_${index}`, type }),
    );
  });
}

function columnType(datatype: ModelSignature["inputs"][number]["datatype"]): Column["type"] {
  if (datatype === "BYTES") return "string";
  if (datatype === "BOOL") return "boolean";
  if (datatype === "FP32" || datatype === "FP16") return "float";
  if (datatype === "FP64") return "double";
  return datatype.endsWith("64") || datatype === "UINT32" ? "long" : "integer";
}
