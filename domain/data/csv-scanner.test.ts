import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CsvError, CsvScanner, splitRecord } from "./csv-scanner";

function scan(text: string | Uint8Array, { cut = 7, hasHeader = true, delimiter = "," } = {}) {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  const scanner = new CsvScanner(delimiter.charCodeAt(0), hasHeader);
  for (let at = 0; at < bytes.length; at += cut) scanner.push(bytes.subarray(at, at + cut));
  return scanner.end();
}

const faultOf = (text: string | Uint8Array) => {
  try {
    scan(text);
    return null;
  } catch (error) {
    return error instanceof CsvError ? [error.reason, error.line] : error;
  }
};

describe("a good file", () => {
  const cell = fc
    .string({ unit: "grapheme", maxLength: 8 })
    .filter((text) => !text.includes("\0") && !text.includes("\r"));
  const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;

  test("any quoted table is read with its shape, wherever the chunks are cut", () => {
    const table = fc
      .integer({ min: 2, max: 5 })
      .chain((width) =>
        fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 6 }),
      );
    fc.assert(
      fc.property(table, fc.integer({ min: 1, max: 9 }), (rows, cut) => {
        const names = rows[0]?.map((_, index) => `c${index}`) ?? [];
        const text = [names, ...rows].map((row) => row.map(quote).join(",")).join("\n");
        expect(scan(text, { cut })).toEqual({ columns: names, rows: rows.length });
      }),
    );
  });

  test("a record splits into the fields that were joined", () => {
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 6 }), (fields) => {
        expect(splitRecord(fields.map(quote).join(";"), ";")).toEqual(fields);
      }),
    );
  });

  test("a byte order mark, Windows line ends, blank lines and a missing last newline are no faults", () => {
    expect(scan("\uFEFFa,b\r\n1,2\r\n\r\n3,4")).toEqual({ columns: ["a", "b"], rows: 2 });
  });

  test("without a header the columns are numbered", () => {
    expect(scan("1;2\n3;4\n", { hasHeader: false, delimiter: ";" })).toEqual({
      columns: ["column_1", "column_2"],
      rows: 2,
    });
  });
});

describe("a fault has a reason and a line", () => {
  test.each([
    ["", "empty_file", 1],
    ["a,b\n", "no_rows", 2],
    ["a,b\n1,2\n\n3\n", "ragged_row", 4],
    ['a,b\n"x\ny",1\n1,2,3\n', "ragged_row", 4],
    ['a,b\n1,"2\n', "bad_quote", 2],
    ['a,b\n1,2"3\n', "bad_quote", 2],
    ['a,b\n"1"2,3\n', "bad_quote", 2],
    ["a,a\n1,2\n", "duplicate_header", 1],
    ["a,\n1,2\n", "empty_header", 1],
  ])("%j: %s on line %i", (text, reason, line) => {
    expect(faultOf(text)).toEqual([reason, line]);
  });

  test.each([
    [[0xff]],
    [[0xc0, 0x80]],
    [[0xed, 0xa0, 0x80]],
    [[0xf5, 0x80, 0x80, 0x80]],
    [[0xe2, 0x82]],
    [[0x00]],
    [[0xe0, 0x80, 0x80]],
  ])("bytes %j are not UTF-8", (bytes) => {
    expect(faultOf(new Uint8Array([0x61, 0x0a, ...bytes]))).toEqual(["not_utf8", 2]);
  });

  test("the check of UTF-8 agrees with the platform's decoder", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 12 }), (bytes) => {
        let isText = !bytes.includes(0);
        try {
          new TextDecoder("utf-8", { fatal: true }).decode(bytes);
        } catch {
          isText = false;
        }
        const fault = faultOf(new Uint8Array([0x61, 0x2c, 0x62, 0x0a, ...bytes]));
        const isSaidToBeText = !(Array.isArray(fault) && fault[0] === "not_utf8");
        // Another fault may come first, so only the "not UTF-8" verdict is compared where there is none.
        if (fault === null || !isSaidToBeText) expect(isSaidToBeText).toBe(isText);
      }),
      { numRuns: 2_000 },
    );
  });
});
