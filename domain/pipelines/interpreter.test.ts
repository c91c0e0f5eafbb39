import fc from "fast-check";
import { expect, test } from "vitest";
import { createInterpreter, dependantsOf, type InterpretedStep, type Settled } from "./interpreter";

/** Graphs without cycles: a step needs some of the steps before it. */
const graphs = fc
  .array(fc.array(fc.nat(), { maxLength: 4 }), { minLength: 1, maxLength: 25 })
  .map((rows): InterpretedStep[] =>
    rows.map((needs, index) => ({
      key: `s${index}`,
      needs: index === 0 ? [] : needs.map((need) => `s${need % index}`),
    })),
  );
const outcomes = fc.infiniteStream(fc.constantFrom<Settled>("succeeded", "succeeded", "succeeded", "failed"));
const picks = fc.infiniteStream(fc.nat());

type Trace = { readonly started: string[]; readonly ended: Map<string, Settled> };

/** Runs to the end, settling a started step of the test's choice at each turn; may cancel at turn `cancelAt`. */
function play(
  steps: readonly InterpretedStep[],
  choices: { outcomes: Iterator<Settled>; picks: Iterator<number> },
  cancelAt = -1,
) {
  const interpreter = createInterpreter(steps);
  const running = [...interpreter.start().ready];
  const trace: Trace = { started: [...running], ended: new Map() };
  let turns = 0;
  while (running.length > 0) {
    if (turns === cancelAt) interpreter.cancel();
    const [key = ""] = running.splice(Number(choices.picks.next().value) % running.length, 1);
    const outcome = choices.outcomes.next().value as Settled;
    for (const step of steps.filter((candidate) => candidate.key === key)) {
      for (const need of step.needs) expect(trace.ended.get(need)).toBe("succeeded");
    }
    trace.ended.set(key, outcome);
    const next = interpreter.settle(key, outcome);
    running.push(...next.ready);
    trace.started.push(...next.ready);
    turns += 1;
  }
  return { interpreter, trace };
}

test("every step starts at most once, after all that it needs, and the run always ends", () => {
  fc.assert(
    fc.property(graphs, outcomes, picks, (steps, ends, order) => {
      const { interpreter, trace } = play(steps, { outcomes: ends, picks: order });
      expect(new Set(trace.started).size).toBe(trace.started.length);
      expect(interpreter.isDone()).toBe(true);
    }),
  );
});

test("a step is skipped exactly when something that it needs, directly or not, has failed", () => {
  fc.assert(
    fc.property(graphs, outcomes, picks, (steps, ends, order) => {
      const { interpreter, trace } = play(steps, { outcomes: ends, picks: order });
      const failed = [...trace.ended].filter(([, outcome]) => outcome === "failed").map(([key]) => key);
      const doomed = new Set(failed.flatMap((key) => dependantsOf(steps, key)));
      for (const { key } of steps) expect(interpreter.stateOf(key) === "skipped").toBe(doomed.has(key));
      expect(interpreter.outcome()).toBe(failed.length > 0 ? "failed" : "succeeded");
    }),
  );
});

test("after a cancellation nothing starts, and the run ends when the started steps have", () => {
  fc.assert(
    fc.property(graphs, picks, fc.nat({ max: 25 }), (steps, order, cancelAt) => {
      const ends: Iterator<Settled> = { next: () => ({ value: "succeeded" }) };
      const { interpreter, trace } = play(steps, { outcomes: ends, picks: order }, cancelAt);
      expect(interpreter.isDone()).toBe(true);
      const wasCut = trace.started.length < steps.length;
      expect(interpreter.outcome()).toBe(wasCut ? "cancelled" : "succeeded");
    }),
  );
});

test("settling twice, or settling what never started, changes nothing", () => {
  const interpreter = createInterpreter([
    { key: "a", needs: [] },
    { key: "b", needs: ["a"] },
  ]);
  interpreter.start();
  expect(interpreter.settle("b", "succeeded").ready).toEqual([]);
  expect(interpreter.settle("a", "succeeded").ready).toEqual(["b"]);
  expect(interpreter.settle("a", "failed").skipped).toEqual([]);
  expect(interpreter.isDone()).toBe(false);
});

test("a chain of a thousand steps takes a thousand cheap turns", () => {
  const steps = Array.from({ length: 1_000 }, (_, index) => ({
    key: `s${index}`,
    needs: index === 0 ? [] : [`s${index - 1}`],
  }));
  const interpreter = createInterpreter(steps);
  let [key] = interpreter.start().ready;
  let turns = 0;
  while (key !== undefined) {
    [key] = interpreter.settle(key, "succeeded").ready;
    turns += 1;
  }
  expect(turns).toBe(1_000);
  expect(interpreter.outcome()).toBe("succeeded");
});
