import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createLogLines, createMask, MASK } from "./log-lines";

function through(secrets: readonly string[], pieces: readonly (string | Uint8Array)[]) {
  const seen: string[] = [];
  const lines = createLogLines(secrets, (text) => seen.push(text));
  for (const piece of pieces) lines.write(typeof piece === "string" ? Buffer.from(piece) : piece);
  lines.end();
  return { seen, text: seen.join(""), lastLine: lines.lastLine() };
}

/** Cuts a text at every place of `cuts`. */
function cutUp(text: string, cuts: readonly number[]): string[] {
  const places = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].sort((a, b) => a - b);
  return [0, ...places].map((from, index) => text.slice(from, places[index] ?? text.length));
}

describe("lines", () => {
  test("come whole, whatever the chunks", () => {
    expect(through([], ["on", "e\ntw", "o\nthree"]).seen).toEqual(["one\n", "two\n", "three\n"]);
  });

  test("a character split between chunks stays one character", () => {
    const bytes = Buffer.from("grün\n");
    expect(through([], [bytes.subarray(0, 3), bytes.subarray(3)]).text).toBe("grün\n");
  });

  test("a carriage return ends a line, with and without a line feed", () => {
    expect(through([], ["10 %\r20 %\r", "\nend\r\n"]).text).toBe("10 %\n20 %\nend\n");
  });

  test("a NUL, which the database cannot hold, is replaced", () => {
    expect(through([], ["a\0b\n"]).text).toBe("a\uFFFDb\n");
  });

  test("a line without end is cut at 64 KB rather than held for ever", () => {
    const { seen } = through([], ["x".repeat(70_000), "y\n"]);
    expect(seen).toHaveLength(2);
  });

  test("the last line that says something is kept", () => {
    expect(through([], ["Traceback\nValueError: no rows\n", "\n  \n"]).lastLine).toBe("ValueError: no rows");
  });
});

describe("secrets", () => {
  test("are masked across chunks", () => {
    expect(through(["cs_run_abcdef"], ["token=cs_r", "un_ab", "cdef;\n"]).text).toBe(`token=${MASK};\n`);
  });

  test("the longer of two secrets that begin alike wins", () => {
    expect(through(["abcd", "abcdef"], ["abcd", "ef abcd\n"]).text).toBe(`${MASK} ${MASK}\n`);
  });

  test("an empty or tiny secret does not blot out the log", () => {
    expect(through(["", "a"], ["a banana\n"]).text).toBe("a banana\n");
  });

  test("a secret with letters of a pattern is taken literally", () => {
    expect(through(["a.c*+?^$"], ["a.c*+?^$ abcc\n"]).text).toBe(`${MASK} abcc\n`);
  });

  test("however the text is cut, the masked text is the same and holds no secret", () => {
    const secret = fc.stringMatching(/^[ab]{4,7}$/);
    fc.assert(
      fc.property(
        fc.array(secret, { minLength: 1, maxLength: 3 }),
        fc.stringMatching(/^[abc]{0,60}$/),
        fc.array(fc.nat(), { maxLength: 12 }),
        (secrets, text, cuts) => {
          const whole = createMask(secrets);
          const pieces = createMask(secrets);
          const expected = whole.push(text) + whole.rest();
          const got =
            cutUp(text, cuts)
              .map((piece) => pieces.push(piece))
              .join("") + pieces.rest();
          expect(got).toBe(expected);
          for (const word of secrets) expect(got).not.toContain(word);
        },
      ),
    );
  });
});
