import { expect, test } from "vitest";
import { definitionOf, draftOf, draftProblem, EMPTY_VIEW } from "./view-draft";

const DEFINITION = {
  name: "daily_weather",
  dataset: "weather",
  entityColumns: ["station"],
  eventTimeColumn: "date",
  createdTimeColumn: null,
  columns: [{ name: "wind", expression: "wind", type: "double" as const }],
  timeToLiveSeconds: 0,
  description: "",
};

test.for([0, 1, 90, 3_600, 172_800, 90_061])(
  "a definition of %i seconds comes back from the form as it went in",
  (timeToLiveSeconds) => {
    const sent = definitionOf(draftOf({ ...DEFINITION, timeToLiveSeconds }));
    const { name: _, dataset: __, ...described } = DEFINITION;
    expect(sent).toEqual({ ...described, columns: [{ name: "wind", expression: "wind" }], timeToLiveSeconds });
  },
);

test("what is missing is named, one thing after another", () => {
  const whole = draftOf(DEFINITION);
  expect(draftProblem(whole)).toBeNull();
  expect(draftProblem(EMPTY_VIEW)).toMatch("dataset");
  expect(draftProblem({ ...whole, entityColumns: [] })).toMatch("entity");
  expect(draftProblem({ ...whole, columns: [] })).toMatch("at least one column");
  expect(draftProblem({ ...whole, life: "two" })).toMatch("whole number");
  expect(draftProblem({ ...whole, life: "1.5", unit: "seconds" })).toMatch("whole number");
});
