"use client";
import { CircleDashed } from "lucide-react";
import { meaningsFor } from "@/domain/approvals/meanings";
import { ROLE_NAMES, type Role } from "@/domain/identity/roles";
import { isWaiting, type Promotion, progressOf, timeLeft } from "../promotions/promotion-words";
import { useMe } from "../providers/me";
import { Avatar } from "../ui/avatar";
import { Card, CardRow } from "../ui/card";
import { CopyId } from "../ui/copy-id";
import { useNow } from "../ui/time";
import { SignActions } from "./sign-actions";
import { SignatureRow } from "./signature-row";
import { signingOf } from "./signing";

/** Who has signed, who still must, what one signs, and the buttons. */
export function SignaturesCard({ promotion }: { promotion: Promotion }) {
  const { given, needed, missing } = progressOf(promotion);
  const isOpen = isWaiting(promotion);
  const current = promotion.signatures.filter((signature) => signature.outdatedAt === null);
  const outdated = promotion.signatures.filter((signature) => signature.outdatedAt !== null);
  return (
    <Card
      isFlush
      title="Signatures"
      aside={
        <span className="figures">
          {given} of {needed}
          {isOpen && <Deadline at={promotion.deadlineAt} />}
        </span>
      }
    >
      {current.map((signature) => (
        <SignatureRow key={signature.id} signature={signature} />
      ))}
      {isOpen && missing.map((role) => <MissingRow key={role} role={role} promotion={promotion} />)}
      {outdated.map((signature) => (
        <SignatureRow key={signature.id} signature={signature} />
      ))}
      {isOpen && (
        <div className="flex flex-col gap-3 border-t border-line px-3.5 py-3 first:border-t-0">
          {promotion.evidence && <WhatIsSigned promotion={promotion} />}
          <div className="max-sm:hidden">
            <SignActions promotion={promotion} form="card" />
          </div>
        </div>
      )}
    </Card>
  );
}

function Deadline({ at }: { at: Date }) {
  const now = useNow();
  return now === 0 ? null : <> · {timeLeft(at, now)}</>;
}

function WhatIsSigned({ promotion }: { promotion: Promotion }) {
  const { evidenceDigest, policyVersion } = promotion.approval.rules;
  return (
    <div className="rounded-md bg-surface-sunken px-2.5 py-2 text-xs text-pretty">
      One signs evidence <CopyId value={evidenceDigest ?? ""} what="evidence digest" />, policy{" "}
      <code>{policyVersion}</code>. If either changes, the signature no longer counts.
    </div>
  );
}

/** A role that nobody has signed for: me, or the people who can. */
function MissingRow({ role, promotion }: { role: Role; promotion: Promotion }) {
  const me = useMe();
  const signing = signingOf(promotion, me.userId);
  const isMine = signing.asRole === role;
  const able = promotion.holders.filter(
    (holder) => holder.role === role && !promotion.barred.some((bar) => bar.userId === holder.userId),
  );
  return (
    <CardRow>
      {isMine ? (
        <Avatar name={me.name} />
      ) : (
        <CircleDashed aria-hidden className="mx-1 mt-0.5 size-5 shrink-0 text-faint" />
      )}
      <div className="min-w-0 flex-1 text-sm">
        <p>
          <span className="font-semibold">{isMine ? me.name : capital(ROLE_NAMES[role])}</span>
          {isMine && <span className="text-xs text-muted"> you, {ROLE_NAMES[role]}</span>}
        </p>
        <p className="text-xs text-pretty text-muted">
          {isMine
            ? `Your signature would say: ${meaningsFor("promotion", role)[0] ?? ""}`
            : able.length > 0
              ? `Can sign: ${able.map(({ name }) => name).join(", ")}`
              : "Nobody who may sign holds this role yet."}
        </p>
      </div>
    </CardRow>
  );
}

const capital = (text: string) => `${text[0]?.toUpperCase() ?? ""}${text.slice(1)}`;
