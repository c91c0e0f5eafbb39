import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ModelSignature } from "../registry/types";
import { eventTimesOf } from "./event-time";
import { readInvocation } from "./invocations";
import { layoutOf } from "./layout";
import { inferResponse, modelMetadata, readInferRequest } from "./oip";
import { decodeRows, encodeRows, rowOutputs } from "./tensors";

const NOW = Date.parse("2013-06-01T12:00:00Z");

const signature: ModelSignature = {
  columns: [
    { name: "wind", type: "double" },
    { name: "days", type: "long" },
    { name: "dry", type: "boolean" },
    { name: "kind", type: "string" },
  ],
  inputs: [
    { name: "kind", datatype: "BYTES", shape: [-1, 1] },
    { name: "wind", datatype: "FP64", shape: [-1, 1] },
    { name: "days", datatype: "INT64", shape: [-1, 1] },
    { name: "dry", datatype: "BOOL", shape: [-1, 1] },
  ],
  outputs: [{ name: "label", datatype: "INT64", shape: [-1] }],
};

const row = fc.tuple(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
  fc.integer(),
  fc.boolean(),
  fc.string(),
);
const rowsOf = fc.array(row, { minLength: 1, maxLength: 12 });
const TYPES = { wind: "FP64", days: "INT64", dry: "BOOL", kind: "BYTES" } as const;

describe("every way to send the same rows gives the same rows", () => {
  test("one tensor per column, and the four forms of MLflow", () => {
    fc.assert(
      fc.property(rowsOf, (rows) => {
        const names = signature.columns.map((column) => column.name);
        const byName = Object.fromEntries(names.map((name, at) => [name, rows.map((values) => values[at])]));
        const records = rows.map((values) => Object.fromEntries(names.map((name, at) => [name, values[at]])));
        const tensors = names.map((name) => ({
          name,
          shape: [rows.length],
          datatype: TYPES[name as keyof typeof TYPES],
          data: byName[name],
        }));
        const ways = [
          readInferRequest({ inputs: tensors.reverse() }, signature, NOW),
          readInvocation({ dataframe_split: { columns: names, data: rows } }, signature, NOW),
          readInvocation({ dataframe_records: records }, signature, NOW),
          readInvocation({ instances: rows }, signature, NOW),
          readInvocation({ inputs: byName }, signature, NOW),
        ];
        for (const way of ways) expect(way).toMatchObject({ rows, eventTimes: rows.map(() => NOW) });
      }),
    );
  });

  test("rows that go into tensors come out of them, whichever slice is taken", () => {
    const layout = layoutOf(signature);
    if (layout.problem !== null) throw new Error(layout.problem);
    fc.assert(
      fc.property(rowsOf, fc.nat(), (rows, cut) => {
        const start = cut % rows.length;
        const tensors = encodeRows(layout.tensors, rows);
        const outputs = decodeRows(tensors, start, rows.length);
        rows.slice(start).forEach(([wind, days, dry, kind], index) => {
          expect(rowOutputs(outputs, index)).toEqual({ wind, days, dry, kind });
        });
      }),
    );
  });
});

describe("a layout", () => {
  const columns = ["a", "b", "c"].map((name) => ({ name, type: "double" as const }));
  const outputs = signature.outputs;

  test("of one tensor takes all columns, whether its width is stated or free", () => {
    for (const width of [3, -1]) {
      const inputs = [{ name: "x", datatype: "FP32" as const, shape: [-1, width] }];
      expect(layoutOf({ columns, inputs, outputs })).toMatchObject({
        problem: null,
        tensors: [{ columns: [0, 1, 2] }],
      });
    }
  });

  test("of several tensors takes the next columns by their widths", () => {
    const inputs = [
      { name: "x", datatype: "FP32" as const, shape: [-1, 2] },
      { name: "y", datatype: "FP32" as const, shape: [-1] },
    ];
    expect(layoutOf({ columns, inputs, outputs })).toMatchObject({
      tensors: [
        { columns: [0, 1], isFlat: false },
        { columns: [2], isFlat: true },
      ],
    });
  });

  test.each([
    [[{ name: "x", datatype: "FP32", shape: [-1, 5] }], /takes 5 values a row and the signature names 3/],
    [[{ name: "x", datatype: "FP32", shape: [1, 3] }], /fixed batch of 1/],
    [[{ name: "x", datatype: "FP16", shape: [-1, 3] }], /FP16, which is not supported/],
  ] as const)("%j is refused", (inputs, reason) => {
    expect(layoutOf({ columns, inputs, outputs }).problem).toMatch(reason);
  });
});

describe("event time", () => {
  test("is arrival, one for all, or one for each", () => {
    expect(eventTimesOf(undefined, 2, NOW)).toEqual([NOW, NOW]);
    expect(eventTimesOf("2013-01-01", 2, NOW)).toEqual([
      Date.parse("2013-01-01T00:00:00Z"),
      Date.parse("2013-01-01T00:00:00Z"),
    ]);
    expect(eventTimesOf([1_000, "2013-01-01 06:00:00+02:00"], 2, NOW)).toEqual([
      1_000,
      Date.parse("2013-01-01T04:00:00Z"),
    ]);
  });

  test("may lie five minutes ahead and no more", () => {
    expect(eventTimesOf(NOW + 300_000, 1, NOW)).toEqual([NOW + 300_000]);
    expect(() => eventTimesOf(NOW + 300_001, 1, NOW)).toThrow("more than 5 minutes ahead");
    expect(eventTimesOf("1970-01-01", 1, NOW)).toEqual([0]);
    expect(() => eventTimesOf("0001-01-01", 1, NOW)).toThrow("before 1970-01-01");
  });

  test.each([[true], ["yesterday"], [{}], [Number.MAX_VALUE], ["2013-13-01"]])("%j is none", (value) => {
    expect(() => eventTimesOf(value, 1, NOW)).toThrow("neither ISO 8601 text nor epoch milliseconds");
  });
});

describe("the answer", () => {
  test("repeats the client's id, or ours without one, and states shapes", () => {
    const outputs = [{ name: "p", datatype: "FP32" as const, width: 2, isFlat: false, values: [0.25, 0.75] }];
    const about = { model: "m", version: 3, requestId: "r", clientId: null, rows: 1 };
    expect(inferResponse(outputs, about)).toEqual({
      model_name: "m",
      model_version: "3",
      id: "r",
      parameters: { request_id: "r" },
      outputs: [{ name: "p", datatype: "FP32", shape: [1, 2], data: [0.25, 0.75] }],
    });
    expect(inferResponse(outputs, { ...about, clientId: "mine" }).id).toBe("mine");
  });

  test("metadata names the columns with the datatypes that callers send", () => {
    expect(modelMetadata(signature, { model: "m", version: 3 }).inputs.map((input) => input.datatype)).toEqual([
      "FP64",
      "INT64",
      "BOOL",
      "BYTES",
    ]);
  });
});

test("whatever a body holds, it is read or refused as the caller's fault, never as a fault of ours", () => {
  const body = fc.oneof(
    fc.jsonValue(),
    fc.record({
      inputs: fc.array(
        fc.record({
          name: fc.constantFrom("wind", "x"),
          shape: fc.array(fc.integer({ min: -1, max: 4 })),
          datatype: fc.constantFrom("FP64", "BYTES", "zz"),
          data: fc.array(fc.jsonValue()),
        }),
      ),
    }),
    fc.record({
      dataframe_split: fc.record({
        columns: fc.array(fc.constantFrom("wind", "days", "dry", "kind")),
        data: fc.array(fc.jsonValue()),
      }),
    }),
    fc.record({ inputs: fc.jsonValue() }),
  );
  fc.assert(
    fc.property(body, (value) => {
      for (const read of [readInferRequest, readInvocation]) {
        try {
          read(value, signature, NOW);
        } catch (error) {
          expect(error).toMatchObject({ name: "AppError", code: "invalid_input" });
        }
      }
    }),
    { numRuns: 500 },
  );
});
