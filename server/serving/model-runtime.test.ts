import { readFileSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { layoutOf } from "@/domain/serving/layout";
import { decodeRows, encodeRows } from "@/domain/serving/tensors";
import { ModelRuntime, SERVING_LIMITS } from "./model-runtime";
import { contractOf } from "./read-model-contract";

const fixture = (name: string) => path.resolve("server/testing/fixtures", name);
const open: ModelRuntime[] = [];

async function start(name: string, limits = {}) {
  const runtime = await ModelRuntime.start(fixture(name), { ...SERVING_LIMITS, ...limits });
  open.push(runtime);
  return runtime;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((runtime) => runtime.close()));
});

function encode(name: string, rows: readonly (readonly number[])[]) {
  const layout = layoutOf(contractOf(readFileSync(fixture(name)), null));
  if (layout.problem !== null) throw new Error(layout.problem);
  return encodeRows(layout.tensors, rows);
}

describe("the contract is read from the file", () => {
  test("one tensor of five values a row, a label and probabilities", () => {
    expect(contractOf(readFileSync(fixture("rain.onnx")), null)).toEqual({
      columns: Array.from({ length: 5 }, (_, index) => ({ name: `float_input_${index}`, type: "float" })),
      inputs: [{ name: "float_input", datatype: "FP32", shape: [-1, 5] }],
      outputs: [
        { name: "label", datatype: "INT64", shape: [-1] },
        { name: "probabilities", datatype: "FP32", shape: [-1, 2] },
      ],
    });
  });

  test("names and types come from the MLmodel text where it has them", () => {
    const names = ["temp_max", "temp_min", "wind", "season_sin", "season_cos"];
    const inputs = JSON.stringify(names.map((name) => ({ type: "double", name, required: true })));
    const mlmodel = `flavors: {}\nsignature:\n  inputs: '${inputs}'\n  outputs: '[]'\n`;
    expect(contractOf(readFileSync(fixture("rain.onnx")), mlmodel).columns).toEqual(
      names.map((name) => ({ name, type: "double" })),
    );
    const short = mlmodel.replace('{"type":"double","name":"wind","required":true},', "");
    expect(() => contractOf(readFileSync(fixture("rain.onnx")), short)).toThrow(
      "takes 5 values a row and the signature names 4 columns",
    );
  });

  test("a tensor signature in the MLmodel names no columns", () => {
    const mlmodel = `signature:\n  inputs: '[{"type":"tensor","tensor-spec":{"dtype":"float32","shape":[-1,5]}}]'\n`;
    expect(contractOf(readFileSync(fixture("rain.onnx")), mlmodel).columns).toHaveLength(5);
  });

  test.each([
    ["external-data.onnx", /keeps its tensors in files beside it/],
    ["rain-zipmap.onnx", /zipmap=False/],
    ["golden-metrics.json", /not an ONNX model/],
  ])("%s is refused", (name, reason) => {
    expect(() => contractOf(readFileSync(fixture(name)), null)).toThrow(reason);
  });
});

describe("the process that holds a model", () => {
  test("answers rows as scikit-learn's own runtime does", async () => {
    const runtime = await start("temperature.onnx");
    const [first, second] = [
      [5, 4.7],
      [2.8, 4.5],
    ];
    const answer = decodeRows(await runtime.run(encode("temperature.onnx", [first ?? [], second ?? []])), 0, 2);
    expect(answer).toMatchObject([{ name: "temp_max", datatype: "FP64", width: 1 }]);
    expect(answer[0]?.values).toHaveLength(2);
  });

  test("a file with data beside it does not load, and no process stays", async () => {
    await expect(start("external-data.onnx")).rejects.toMatchObject({ code: "invalid_input", reason: "model_refused" });
  });

  test("a model that does not end is ended, and the caller is told", async () => {
    const runtime = await start("endless.onnx", { callMs: 300 });
    await expect(runtime.run(encode("endless.onnx", [[1]]))).rejects.toMatchObject({ reason: "model_timeout" });
    expect(await runtime.ended).toMatch(/longer than 0.3 s/);
    await expect(runtime.run(encode("endless.onnx", [[1]]))).rejects.toMatchObject({ code: "unavailable" });
  });

  test("a model that takes too much memory is ended", async () => {
    const runtime = await start("greedy.onnx", { memoryBytes: 400 * 1024 ** 2 });
    await expect(runtime.run(encode("greedy.onnx", [[1]]))).rejects.toMatchObject({ reason: "model_memory" });
  });

  test("calls that wait when the process dies are refused, not lost", async () => {
    const runtime = await start("endless.onnx", { callMs: 60_000 });
    const call = runtime.run(encode("endless.onnx", [[1]]));
    if (runtime.pid) process.kill(runtime.pid, "SIGKILL");
    await expect(call).rejects.toMatchObject({ code: "unavailable", reason: "model_ended" });
  });

  test("a wrong input is the model's refusal, and the process goes on", async () => {
    const runtime = await start("rain.onnx");
    const wrong = [{ name: "float_input", datatype: "FP32" as const, dims: [1, 2], data: new Float32Array(2) }];
    await expect(runtime.run(wrong)).rejects.toMatchObject({ code: "invalid_input", reason: "model_failed" });
    expect(await runtime.run(encode("rain.onnx", [[1, 2, 3, 4, 5]]))).toHaveLength(2);
  });
});
