import type { Barred } from "../approvals/types";
import type { RiskClass } from "../projects/types";

/** Who did what on the way to a promotion. Null: a policy or a schedule did, which is nobody. */
export type Contributors = {
  readonly proposedBy: string;
  readonly run: { readonly number: number; readonly startedBy: string | null; readonly pushedBy: string | null } | null;
  readonly registeredBy: string | null;
  /** Who accepted the finding that the run was started for; absent where no finding led to it. */
  readonly findingAcceptedBy?: string | null;
  /** "v7". */
  readonly versionName: string;
};

/** Why the person who accepted a finding may not approve what came of it, as the end of a sentence. */
export const ACCEPTED_FINDING = "accepted the finding that led to it";

type Contribution = { readonly userId: string | null; readonly reason: string };
type Part = Contribution & { readonly isBarred: boolean };

function partsOf(contributors: Contributors, risk: RiskClass): readonly Part[] {
  const { proposedBy, run, registeredBy, findingAcceptedBy, versionName } = contributors;
  const parts: Part[] = [{ userId: proposedBy, reason: "proposed this promotion", isBarred: true }];
  if (run)
    parts.push({
      userId: run.startedBy,
      reason: `started run #${run.number}, which trained this version`,
      isBarred: true,
    });
  parts.push({ userId: registeredBy, reason: `registered ${versionName}`, isBarred: true });
  parts.push({ userId: findingAcceptedBy ?? null, reason: ACCEPTED_FINDING, isBarred: true });
  if (run) parts.push({ userId: run.pushedBy, reason: "pushed the code that was run", isBarred: risk === "high" });
  return parts;
}

/** Each person once, with all reasons as the end of a sentence; contributions of nobody fall away. */
export function joinedBarred(parts: readonly Contribution[]): readonly Barred[] {
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
 * People who may not approve: who proposed, who started the run, who registered the version, who accepted the finding
 * that led to it; at high risk also who pushed the code. Each once, with all reasons as the end of a sentence.
 */
export function barredPeople(contributors: Contributors, risk: RiskClass): readonly Barred[] {
  return joinedBarred(partsOf(contributors, risk).filter((part) => part.isBarred));
}

/** People whose part is shown although they may sign: below high risk, who pushed the code. */
export function shownContributors(contributors: Contributors, risk: RiskClass): readonly Barred[] {
  const barred = barredPeople(contributors, risk);
  return joinedBarred(
    partsOf(contributors, risk).filter(
      (part) => !part.isBarred && !barred.some(({ userId }) => userId === part.userId),
    ),
  );
}
