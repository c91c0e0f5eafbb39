import { expect, test } from "vitest";
import { problemSentence } from "./python-interpreter";

const python = { executable: "/usr/bin/python3", prefix: "/usr", version: "3.11.2", hasVenv: true };

test.each([
  ["none", null, false, /none was found; install Python 3\.11/],
  ["an old one", { ...python, version: "3.9.18" }, false, /the one found is 3\.9\.18/],
  [
    "one without venv",
    { ...python, hasVenv: false },
    false,
    /lacks venv or ensurepip; .*apt-get install python3 python3-venv/,
  ],
  ["one that the steps' account cannot run", python, true, /3\.11\.2 cannot be run by the account that steps run as/],
])("where there is %s, one sentence says what to install", (_, newest, isUnreachable, sentence) => {
  expect(problemSentence(newest, isUnreachable)).toMatch(sentence);
});
