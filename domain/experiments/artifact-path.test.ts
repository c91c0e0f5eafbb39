import fc from "fast-check";
import { expect, test } from "vitest";
import { entriesOf, normaliseArtifactPath } from "./artifact-path";

test.each(["../x", "a/../b", "..", "/etc/passwd", "a\\b", "C:/x", "a#b", "a\u0000b", "\ud800"])(
  "%j is refused",
  (path) => {
    expect(normaliseArtifactPath(path)).toBeNull();
  },
);

test.each([
  ["a/b.txt", "a/b.txt"],
  ["./a//b/", "a/b"],
  ["été 1/ä%2f.json", "été 1/ä%2f.json"],
  ["", ""],
])("%j becomes %j", (path, normal) => expect(normaliseArtifactPath(path)).toBe(normal));

test("a normal form is its own, and never leaves its root", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom("a", "..", ".", "", "b c", "%2e%2e", "...")), (segments) => {
      const normal = normaliseArtifactPath(segments.join("/"));
      if (normal === null) return;
      expect(normaliseArtifactPath(normal)).toBe(normal);
      expect(normal.split("/")).not.toContain("..");
    }),
  );
});

test("a folder lists its direct children, folders once", () => {
  const files = ["model/MLmodel", "model/model.onnx", "model/sub/a", "report.json", "models/x"].map((path) => ({
    path,
    bytes: 1,
  }));
  expect(entriesOf(files, "").map((entry) => [entry.path, entry.isDirectory])).toEqual([
    ["model", true],
    ["models", true],
    ["report.json", false],
  ]);
  expect(entriesOf(files, "model").map((entry) => entry.path)).toEqual([
    "model/MLmodel",
    "model/model.onnx",
    "model/sub",
  ]);
  expect(entriesOf(files, "report.json")).toEqual([]);
});
