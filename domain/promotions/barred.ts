import type { Barred } from "../approvals/types";
import type { RiskClass } from "../projects/types";

/** Who did what on the way to a promotion. Null: a policy or a schedule did, which is nobody. */
export type Contributors = {
  readonly proposedBy: string;
  readonly run: { readonly number: number; readonly startedBy: string | null; readonly pushedBy: string | null } | null;
  readonly registeredBy: string | null;
  /** "v7". */
  readonly versionName: string;
};

type Part = { readonly userId: string | null; readonly reason: string; readonly isBarred: boolean };

function partsOf({ proposedBy, run, registeredBy, versionName }: Contributors, risk: RiskClass): readonly Part[] {
  const parts: Part[] = [{ userId: proposedBy, reason: "proposed this promotion", isBarred: true }];
  if (run)
    parts.push({
      userId: run.startedBy,
      reason: `started run #${run.number}, which trained this version`,
      isBarred: true,
    });
  parts.push({ userId: registeredBy, reason: `registered ${versionName}`, isBarred: true });
  if (run) parts.push({ userId: run.pushedBy, reason: "pushed the code that was run", isBarred: risk === "high" });
  return parts;
}

function joined(parts: readonly Part[]): readonly Barred[] {
  const reasons = new Map<string, string[]>();
  for (const { userId, reason } of parts) {
    if (userId !== null) reasons.set(userId, [...(reasons.get(userId) ?? []), reason]);
  }
  return [...reasons].map(([userId, all]) => {
    const last = all.at(-1) ?? "";
    return { userId, reason: all.length === 1 ? last : `${all.slice(0, -1).join(", ")} and ${last}` };
  });
}

/**
 * People who may not approve: who proposed, who started the run, who registered the version; at high risk also
 * who pushed the code. Each once, with all reasons as the end of a sentence.
 */
export function barredPeople(contributors: Contributors, risk: RiskClass): readonly Barred[] {
  return joined(partsOf(contributors, risk).filter((part) => part.isBarred));
}

/** People whose part is shown although they may sign: below high risk, who pushed the code. */
export function shownContributors(contributors: Contributors, risk: RiskClass): readonly Barred[] {
  const barred = barredPeople(contributors, risk);
  return joined(
    partsOf(contributors, risk).filter(
      (part) => !part.isBarred && !barred.some(({ userId }) => userId === part.userId),
    ),
  );
}
