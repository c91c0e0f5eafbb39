/** What the interpreter needs to know of a step. */
export type InterpretedStep = { readonly key: string; readonly needs: readonly string[] };

export type Settled = "succeeded" | "failed" | "cancelled";
export type InterpretedState = "pending" | "started" | Settled | "skipped";

/** What follows from an event: steps that may start now, and those that never will. */
export type Next = { readonly ready: readonly string[]; readonly skipped: readonly string[] };

export type Interpreter = {
  /** The steps that need nothing. Call once, first. */
  readonly start: () => Next;
  /** A started step has ended. The work is proportional to the steps that depend on it. */
  readonly settle: (key: string, outcome: Settled) => Next;
  /** Nothing new starts any more; what was not started is cancelled. */
  readonly cancel: () => void;
  readonly stateOf: (key: string) => InterpretedState;
  readonly isDone: () => boolean;
  /** How the run ended, once it is done. */
  readonly outcome: () => Settled;
};

const NOTHING: Next = { ready: [], skipped: [] };

/**
 * Decides which steps run and when, without clock or input and output: the same events give the same answers,
 * which is what a replayed workflow needs. Policy on a failure: steps that do not depend on the failed one
 * go on, those that do are skipped.
 */
export function createInterpreter(steps: readonly InterpretedStep[]): Interpreter {
  const states = new Map<string, InterpretedState>(steps.map((step) => [step.key, "pending"]));
  const missing = new Map(steps.map((step) => [step.key, new Set(step.needs).size]));
  const dependants = dependantsByKey(steps);
  let open = steps.length;
  let isCancelled = false;

  function close(key: string, state: InterpretedState): void {
    states.set(key, state);
    open -= 1;
  }

  function startable(keys: readonly string[]): Next {
    const ready = keys.filter((key) => states.get(key) === "pending" && missing.get(key) === 0);
    for (const key of ready) states.set(key, "started");
    return { ready, skipped: [] };
  }

  function skipAfter(key: string): Next {
    const skipped = reachableFrom(dependants, key).filter((dependant) => states.get(dependant) === "pending");
    for (const dependant of skipped) close(dependant, "skipped");
    return { ready: [], skipped };
  }

  return {
    start: () => (isCancelled ? NOTHING : startable(steps.map((step) => step.key))),
    settle(key, outcome) {
      if (states.get(key) !== "started") return NOTHING;
      close(key, outcome);
      if (isCancelled) return NOTHING;
      if (outcome !== "succeeded") return skipAfter(key);
      const next = dependants.get(key) ?? [];
      for (const dependant of next) missing.set(dependant, (missing.get(dependant) ?? 0) - 1);
      return startable(next);
    },
    cancel() {
      isCancelled = true;
      for (const [key, state] of states) if (state === "pending") close(key, "cancelled");
    },
    stateOf: (key) => states.get(key) ?? "pending",
    isDone: () => open === 0,
    outcome() {
      const all = [...states.values()];
      if (all.includes("cancelled")) return "cancelled";
      return all.includes("failed") ? "failed" : "succeeded";
    },
  };
}

function dependantsByKey(steps: readonly InterpretedStep[]): ReadonlyMap<string, readonly string[]> {
  const dependants = new Map<string, string[]>();
  for (const step of steps) {
    for (const need of new Set(step.needs)) {
      const list = dependants.get(need) ?? [];
      list.push(step.key);
      dependants.set(need, list);
    }
  }
  return dependants;
}

function reachableFrom(dependants: ReadonlyMap<string, readonly string[]>, key: string): readonly string[] {
  const found = new Set<string>();
  const queue = [key];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    for (const dependant of dependants.get(next) ?? []) {
      if (!found.has(dependant)) {
        found.add(dependant);
        queue.push(dependant);
      }
    }
  }
  return [...found];
}

/** The steps that can never run once `key` has failed: all that need it, directly or through others. */
export function dependantsOf(steps: readonly InterpretedStep[], key: string): readonly string[] {
  return reachableFrom(dependantsByKey(steps), key);
}
