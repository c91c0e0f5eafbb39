import { expect, test } from "vitest";
import { ownPath } from "./own-path";

test.each(["/", "/p/rain/promotions/3?tab=a", "/p/r%C3%A9sum%C3%A9"])("%s stays", (path) => {
  expect(ownPath(path)).toBe(path);
});

test.each([
  "//evil.example",
  "/\\evil.example",
  "https://evil.example",
  "javascript:alert(1)",
  "/a\\b",
  "/\t/evil.example",
  "",
  undefined,
  ["/a"],
])("%s becomes the start page", (path) => {
  expect(ownPath(path)).toBe("/");
});
