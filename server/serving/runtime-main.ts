import { readFile } from "node:fs/promises";
import { Worker } from "node:worker_threads";
import { InferenceSession, Tensor as OrtTensor, type TypedTensor } from "onnxruntime-node";
import type { OipDatatype } from "@/domain/registry/types";
import type { Tensor } from "@/domain/serving/types";
import { readOnnx } from "./onnx-file";
import type { FromRuntime, ToRuntime } from "./runtime-protocol";

/** The process that holds one model. It knows no database, no secret and no other model. */

const ORT_TYPES = {
  BOOL: "bool",
  BYTES: "string",
  FP32: "float32",
  FP64: "float64",
  INT8: "int8",
  INT16: "int16",
  INT32: "int32",
  INT64: "int64",
  UINT8: "uint8",
  UINT16: "uint16",
  UINT32: "uint32",
  UINT64: "uint64",
} as const satisfies Partial<Record<OipDatatype, OrtTensor.Type>>;

const OIP_TYPES = Object.fromEntries(Object.entries(ORT_TYPES).map(([oip, ort]) => [ort, oip as OipDatatype]));

let session: InferenceSession | null = null;

function send(message: FromRuntime): void {
  process.send?.(message);
}

async function load(path: string): Promise<void> {
  try {
    const bytes = await readFile(path);
    readOnnx(bytes);
    session = await InferenceSession.create(bytes, {
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      executionMode: "sequential",
      logSeverityLevel: 3,
    });
    send({ kind: "loaded" });
  } catch (error) {
    send({ kind: "refused", message: error instanceof Error ? error.message : String(error) });
  }
}

async function run(id: number, tensors: readonly Tensor[]): Promise<void> {
  try {
    if (!session) throw new Error("No model is loaded.");
    const results = await session.run(Object.fromEntries(tensors.map((tensor) => [tensor.name, toOrt(tensor)])));
    send({ kind: "answer", id, tensors: session.outputNames.map((name) => fromOrt(name, results[name])) });
  } catch (error) {
    send({ kind: "failed", id, message: error instanceof Error ? error.message : String(error) });
  }
}

function toOrt(tensor: Tensor): OrtTensor {
  const type = ORT_TYPES[tensor.datatype as keyof typeof ORT_TYPES];
  // The data was made for this datatype by `encodeRows`, so the pair is one that the constructor knows.
  return new OrtTensor(type, tensor.data as TypedTensor<typeof type>["data"], [...tensor.dims]);
}

function fromOrt(name: string, value: OrtTensor | undefined): Tensor {
  if (!value || !(value.type in OIP_TYPES))
    throw new Error(`The output ${name} is no tensor. Convert classifiers with zipmap=False.`);
  return { name, datatype: OIP_TYPES[value.type] ?? "FP32", dims: value.dims, data: value.data as Tensor["data"] };
}

/** Ends this process when its parent is gone, even while a model keeps the main thread busy. */
function watchParent(): void {
  const code = `const parent = process.ppid; setInterval(() => { if (process.ppid !== parent) process.kill(process.pid, "SIGKILL"); }, 500);`;
  new Worker(code, { eval: true, env: {} }).unref();
}

watchParent();
process.on("disconnect", () => process.exit(0));
process.on("message", (message: ToRuntime) => {
  void (message.kind === "load" ? load(message.path) : run(message.id, message.tensors));
});
