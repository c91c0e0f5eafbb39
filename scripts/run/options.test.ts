import { expect, test } from "vitest";
import { parseRunOptions } from "./options";

test("defaults: the project's own data folder, no fixed port", () => {
  expect(parseRunOptions([], "/srv/countersign")).toEqual({
    dataDir: "/srv/countersign/.data",
    port: null,
    reset: false,
    headless: false,
    dev: false,
  });
});

test("a port that is none, and an unknown option, are refused with a sentence", () => {
  expect(() => parseRunOptions(["--port", "banana"], "/srv")).toThrow(
    '--port takes a number from 1 to 65535, not "banana".',
  );
  expect(() => parseRunOptions(["--port", "70000"], "/srv")).toThrow(/70000/);
  expect(() => parseRunOptions(["--prot", "3000"], "/srv")).toThrow(/--prot/);
});
