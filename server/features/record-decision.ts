import { and, eq } from "drizzle-orm";
import { featureViews, featureViewVersions } from "@/db/schema/features";
import { AppError } from "@/domain/errors";
import { viewVersionName } from "@/domain/features/view-reference";
import { type NewSignOff, recordSignOff } from "../approvals/record-sign-off";
import { audit, type Caller } from "../audit/audit-caller";
import { publishEvent } from "../notifications/publish-event";

const WORDS = {
  approved: {
    done: "features.signed",
    refused: "features.sign_refused",
    verb: "signed",
    refusedVerb: "was refused to sign",
  },
  returned: {
    done: "features.returned",
    refused: "features.return_refused",
    verb: "returned",
    refusedVerb: "was refused to return",
  },
} as const;

export type DecisionInput = Omit<NewSignOff, "approvalId" | "at" | "acceptedRules"> & {
  readonly viewVersionId: string;
};

/**
 * One decision of a person on a version of a feature view. A refusal writes its audit row alone and is thrown after
 * the commit. What was shown and is no longer current is a `conflict`.
 */
export async function recordDecision(caller: Caller, { viewVersionId, ...input }: DecisionInput) {
  const { ctx, scope } = caller;
  const words = WORDS[input.decision];
  const result = await ctx.db.transaction(async (tx) => {
    const [found] = await tx
      .select({ version: featureViewVersions, view: featureViews })
      .from(featureViewVersions)
      .innerJoin(featureViews, eq(featureViews.id, featureViewVersions.viewId))
      .where(and(eq(featureViewVersions.id, viewVersionId), eq(featureViewVersions.projectId, scope.projectId)))
      .for("no key update", { of: featureViews });
    if (!found) throw new AppError("not_found", "feature_view_version", "There is no such version of a feature view.");
    const name = viewVersionName(found.view.name, found.version.version);
    const signOff = { ...input, acceptedRules: [], approvalId: found.version.approvalId, at: ctx.clock() };
    const signed = await recordSignOff(tx, scope, signOff);
    const shown = { asRole: input.asRole, evidenceDigest: input.evidenceDigest, policyVersion: input.policyVersion };
    const entity = { kind: "feature_view_version", id: viewVersionId } as const;
    if (signed.refusal) {
      const { reason, sentence } = signed.refusal;
      await audit(tx, caller, {
        action: words.refused,
        entity,
        summary: `${words.refusedVerb} ${name}: ${sentence}`,
        details: { ...shown, reason, current: signed.current },
      });
      return signed;
    }
    await audit(tx, caller, {
      action: words.done,
      entity,
      summary: `${words.verb} ${name}`,
      details: {
        ...shown,
        meaning: input.meaning,
        comment: input.comment,
        outcome: signed.outcome,
        statementSha256: signed.statementSha256,
      },
    });
    await publishEvent(tx, scope.projectId, "features", found.view.id);
    return signed;
  });
  if (result.refusal) {
    throw new AppError(result.refusal.code, result.refusal.reason, result.refusal.sentence, {
      evidenceDigest: result.current.evidenceDigest,
      policyVersion: result.current.policyVersion,
    });
  }
  return { outcome: result.outcome, statementSha256: result.statementSha256 };
}
