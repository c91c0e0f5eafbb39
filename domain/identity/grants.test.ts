import { expect, test } from "vitest";
import { grantRefusal, grantSentence, isRestricted, leavesNoAdministrator, routeOf } from "./grants";
import { ROLES } from "./roles";

test("R3 to R5 are given at once, everything else needs a second administrator once there is one", () => {
  expect(ROLES.filter((role) => !isRestricted(role))).toEqual(["R3", "R4", "R5"]);
  expect(routeOf("R3", 5)).toBe("direct");
  expect(routeOf("R7", 1)).toBe("first_administrator");
  expect(routeOf("R7", 2)).toBe("second_administrator");
  expect(routeOf("ADM", 2)).toBe("second_administrator");
});

test("the audit row says that the first administrator granted alone", () => {
  expect(grantSentence("R7", "Mia", "first_administrator")).toBe(
    "granted the role ML engineer to Mia alone, because there is no second administrator yet",
  );
});

test("who asked does not confirm, but may take it back; a decided one stays decided; a request outlives nobody", () => {
  const open = { requestedBy: "a", decidedAt: null, requesterIsActive: true, isOfLastAdministrator: false };
  expect(grantRefusal(open, "b", true)).toBeNull();
  expect(grantRefusal(open, "a", true)).toBe("own_request");
  expect(grantRefusal(open, "a", false)).toBeNull();
  expect(grantRefusal({ ...open, decidedAt: new Date() }, "b", true)).toBe("already_decided");
  expect(grantRefusal({ ...open, isOfLastAdministrator: true }, "b", true)).toBe("last_administrator");
  expect(grantRefusal({ ...open, requesterIsActive: false }, "b", true)).toBe("requester_gone");
});

test("the last administrator cannot become anything else; with a second one, either may", () => {
  expect(leavesNoAdministrator(["a"], "a", "AUD")).toBe(true);
  expect(leavesNoAdministrator(["a"], "a", "member")).toBe(true);
  expect(leavesNoAdministrator(["a"], "a", "ADM")).toBe(false);
  expect(leavesNoAdministrator(["a"], "b", "AUD")).toBe(false);
  expect(leavesNoAdministrator(["a", "b"], "a", "AUD")).toBe(false);
});
