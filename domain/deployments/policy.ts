import type { DeploymentState } from "./status";

export type RollbackFacts = {
  /** The deployment whose version is to come back; null where the environment has no such one. */
  readonly target: {
    readonly state: DeploymentState;
    readonly wasActive: boolean;
    readonly modelVersionId: string;
  } | null;
  readonly activeVersionId: string | null;
  readonly hasPending: boolean;
};

export type RollbackRefusal = {
  readonly reason: "never_deployed" | "already_serving" | "busy";
  readonly sentence: string;
};

/** Why a rollback is refused, or null. It needs no approval, but goes only to what served in the environment before. */
export function rollbackRefusal({ target, activeVersionId, hasPending }: RollbackFacts): RollbackRefusal | null {
  if (!target?.wasActive)
    return {
      reason: "never_deployed",
      sentence: "Only a version that served in this environment before can come back.",
    };
  if (target.modelVersionId === activeVersionId)
    return { reason: "already_serving", sentence: "This version serves already." };
  if (hasPending)
    return {
      reason: "busy",
      sentence: "Another deployment is on its way in this environment. Wait until it has ended.",
    };
  return null;
}

/** Largest difference between an answer of the gateway and the recorded one that the smoke test allows. */
export const SMOKE_TOLERANCE = 1e-5;

type Outputs = Readonly<Record<string, readonly number[]>>;

/**
 * Greatest absolute difference over all named outputs; infinite where an output is missing, has another length, or is
 * not a number where a number was recorded.
 */
export function greatestDifference(recorded: Outputs, answered: Outputs): number {
  const differences = Object.entries(recorded).flatMap(([name, values]) => {
    const given = answered[name];
    if (!given || given.length !== values.length) return [Number.POSITIVE_INFINITY];
    return values.map((value, index) => {
      const difference = Math.abs(value - (given[index] ?? Number.NaN));
      return Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
    });
  });
  return Math.max(0, ...differences);
}
