import { expect, test } from "vitest";
import { printedLink } from "./hash-redirect";

const id = "0123456789abcdef0123456789abcdef";
test.each([
  [`#/experiments/2/runs/${id}`, { experimentId: "2", runId: id }],
  ["#/experiments/0", { experimentId: "0" }],
  ["#/experiments/0/overview", { experimentId: "0" }],
  [`#/experiments/2/runs/${id}/artifacts?tab=1`, { experimentId: "2", runId: id }],
  ["#/experiments/2/runs/../../x", null],
  ["#/models/rain", null],
  ["", null],
])("%s", (hash, link) => expect(printedLink(hash)).toEqual(link));
