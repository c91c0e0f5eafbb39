import { expect, test } from "vitest";
import { describeError } from "./call-error";

test("a refusal keeps its sentence, reason and request id", () => {
  const error = {
    message: "This needs the role ML engineer.",
    data: { code: "FORBIDDEN", reason: "promotions.sign", requestId: "r-1", issues: null, details: null },
  };
  expect(describeError(error)).toEqual({
    code: "FORBIDDEN",
    reason: "promotions.sign",
    message: "This needs the role ML engineer.",
    requestId: "r-1",
    fields: {},
    details: null,
  });
});

test("invalid input becomes a sentence for each field", () => {
  const error = {
    message: "[…]",
    data: {
      code: "BAD_REQUEST",
      issues: [{ path: "kpiName", message: "This is needed." }, { path: 3 }],
      requestId: "r-2",
    },
  };
  const described = describeError(error);
  expect(described.fields).toEqual({ kpiName: "This is needed." });
  expect(described.message).toBe("Some entries need another look.");
});

test("a server that does not answer is told from a fault of the page", () => {
  expect(describeError(new TypeError("Failed to fetch")).message).toMatch(/did not answer/);
  expect(describeError(new RangeError("x")).message).toMatch(/on this page/);
  expect(describeError(null).message).toMatch(/on this page/);
});
