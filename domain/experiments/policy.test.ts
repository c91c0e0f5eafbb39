import { expect, test } from "vitest";
import { deleteRefusal, isOwnRun, writeRefusal } from "./policy";

const hers = { id: "run-1", createdBy: "ada", startedBy: null };
const steps = { id: "run-2", createdBy: null, startedBy: "ada" };

test("a run is written by whoever made it", () => {
  expect(writeRefusal(hers, { kind: "user", userId: "ada" })).toBeNull();
  expect(writeRefusal(hers, { kind: "user", userId: "noor" })).toContain("Only the person who made this run");
  expect(writeRefusal(steps, { kind: "user", userId: "ada" })).toContain("pipeline's step");
  expect(writeRefusal(hers, { kind: "system" })).toBeNull();
});

test("a step's token reaches its own run alone", () => {
  expect(writeRefusal(steps, { kind: "step", experimentRunId: "run-2" })).toBeNull();
  expect(writeRefusal(hers, { kind: "step", experimentRunId: "run-2" })).toContain("MLFLOW_RUN_ID");
  expect(writeRefusal(hers, { kind: "step", experimentRunId: null })).not.toBeNull();
});

test("people delete what they made or started, and nobody what a live model depends on", () => {
  expect(isOwnRun(steps, "ada")).toBe(true);
  expect(isOwnRun(steps, null)).toBe(false);
  expect(deleteRefusal({ isOwn: true, reach: "own", liveModels: [] })).toBeNull();
  expect(deleteRefusal({ isOwn: false, reach: "own", liveModels: [] })).toContain("only runs that you made");
  expect(deleteRefusal({ isOwn: false, reach: "any", liveModels: [] })).toBeNull();
  expect(deleteRefusal({ isOwn: true, reach: "any", liveModels: ["seattle-rain v2"] })).toContain("seattle-rain v2");
});
