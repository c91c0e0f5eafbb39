import { expect, test } from "vitest";
import { LARGEST_REQUIREMENTS, parseRequirements } from "./requirements";

test("pinned names with extras, markers and comments are taken", () => {
  const text =
    '# what train.py imports\npandas==3.1.1\n\nuvicorn[standard, watch] == 0.30.1 # the server\r\nnumpy==2.4.6; python_version >= "3.11"\ntorch==2.9.0+cpu\n';
  expect(parseRequirements(text)).toEqual({
    pins: [
      "pandas==3.1.1",
      "uvicorn[standard, watch] == 0.30.1",
      'numpy==2.4.6; python_version >= "3.11"',
      "torch==2.9.0+cpu",
    ],
    problems: [],
  });
});

test.each([
  ["pandas", /pandas is not pinned/],
  ["pandas>=2", /pandas is not pinned/],
  ["pandas~=2.0", /pandas is not pinned/],
  ["pandas===2.0", /pinned/],
  ["pandas==3.*", /is no pin/],
  ["--index-url https://example.test/simple", /Options are not taken \(--index-url\)/],
  ["-r other.txt", /Options are not taken \(-r\)/],
  ["-e .", /Options are not taken/],
  ["pandas==3.1.1 --hash=sha256:abc", /Options after a name/],
  ["pandas @ https://example.test/pandas.whl", /Addresses and paths/],
  ["https://example.test/pandas.whl", /Addresses and paths/],
  ["git+https://example.test/x.git", /Addresses and paths/],
  ["./wheels/x.whl", /Addresses and paths/],
  ["pandas==3.1.1 \\", /continued/],
  ["pandas==3.1.1, <4", /not a pinned name/],
  ["pandas==1; import os`id`", /marker/],
  ["pandas==1 ; $(id)", /marker/],
])("%s is refused with its line", (line, reason) => {
  const { problems } = parseRequirements(`numpy==2.4.6\n# comment\n${line}\n`);
  expect(problems).toEqual([{ line: 3, reason: expect.stringMatching(reason) }]);
});

test("every wrong line is named, in order", () => {
  expect(parseRequirements("a\nb==1\n-c x\nB==2\n").problems.map((problem) => problem.line)).toEqual([1, 3, 4]);
});

test("a file that is too long is refused whole", () => {
  expect(parseRequirements("a==1\n".repeat(LARGEST_REQUIREMENTS.lines + 1)).problems).toHaveLength(1);
});
