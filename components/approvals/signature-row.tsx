import type { Decision } from "@/domain/approvals/status";
import { ROLE_NAMES, type Role } from "@/domain/identity/roles";
import { StatusBadge } from "../data/status-badge";
import { Avatar } from "../ui/avatar";
import { CardRow } from "../ui/card";
import { CopyId } from "../ui/copy-id";
import { RelativeTime } from "../ui/time";

export type ShownSignature = {
  readonly name: string;
  readonly asRole: Role;
  readonly decision: Decision;
  readonly meaning: string;
  readonly comment: string;
  readonly acceptedRules: readonly string[];
  readonly statementSha256: string;
  readonly signedAt: Date;
  readonly outdatedAt: Date | null;
  readonly outdatedReason: string | null;
};

/** One signature, outdated or not, with what it says and the digest of its statement. */
export function SignatureRow({ signature }: { signature: ShownSignature }) {
  const isOutdated = signature.outdatedAt !== null;
  return (
    <CardRow {...(isOutdated && { className: "opacity-75" })}>
      <Avatar name={signature.name} />
      <div className="min-w-0 flex-1 text-sm">
        <p>
          <span className="font-semibold">{signature.name}</span>{" "}
          <span className="text-xs text-muted">{ROLE_NAMES[signature.asRole]}</span>
        </p>
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-xs text-muted">
          {isOutdated ? (
            <StatusBadge kind="approval" state="cancelled" word="Outdated" />
          ) : (
            <StatusBadge kind="decision" state={signature.decision} />
          )}
          <RelativeTime at={signature.signedAt} />
        </p>
        <p className="mt-1 text-pretty">{signature.comment || signature.meaning}</p>
        {signature.acceptedRules.length > 0 && (
          <p className="mt-1 text-xs text-muted">Accepts: {signature.acceptedRules.join(", ")}</p>
        )}
        {isOutdated && <p className="mt-1 text-xs text-muted">{signature.outdatedReason}</p>}
        <p className="mt-0.5 text-xs text-muted">
          statement <CopyId value={signature.statementSha256} what="statement digest" />
        </p>
      </div>
    </CardRow>
  );
}
