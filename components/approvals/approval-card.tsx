"use client";
import { CircleDashed, Signature } from "lucide-react";
import { useState } from "react";
import { meaningsFor } from "@/domain/approvals/meanings";
import { type ApprovalRules, currentSignOffs, missingRoles, refusalForPerson } from "@/domain/approvals/policy";
import type { ApprovalSubject } from "@/domain/approvals/status";
import { isProcessRole, type ProcessRole, ROLE_NAMES, type Role } from "@/domain/identity/roles";
import { capitalised } from "../data/format";
import { describeError } from "../providers/call-error";
import { useMe } from "../providers/me";
import { Avatar } from "../ui/avatar";
import { Button } from "../ui/button";
import { Card, CardRow } from "../ui/card";
import { ConfirmDialog } from "../ui/confirm-dialog";
import { CopyId } from "../ui/copy-id";
import { Dialog } from "../ui/dialog";
import { CallProblem } from "../ui/error-panel";
import { Field, Select, Textarea } from "../ui/field";
import { type ShownSignature, SignatureRow } from "./signature-row";

export type GivenSignature = ShownSignature & {
  readonly id: string;
  readonly userId: string;
  readonly evidenceDigest: string;
  readonly policyVersion: string;
};

/** Something that carries an approval: what its page knows of it. */
export type Signed = {
  readonly subject: ApprovalSubject;
  /** "daily_weather v2": what one signs. */
  readonly name: string;
  /** "production pipelines": what the last signature opens. */
  readonly opens: string;
  readonly rules: ApprovalRules;
  readonly signatures: readonly GivenSignature[];
  readonly holders: readonly { readonly userId: string; readonly name: string; readonly role: Role }[];
  readonly myRoles: readonly Role[];
};

export type SignedStatement = {
  readonly asRole: ProcessRole;
  readonly evidenceDigest: string;
  readonly policyVersion: string;
  readonly meaning: string;
  readonly comment: string;
};

/** One of the two acts: how it is sent, and how the last try went. */
export type Act = {
  readonly send: (statement: SignedStatement, onDone: () => void) => void;
  readonly isPending: boolean;
  readonly error: unknown;
};

type Props = { readonly signed: Signed; readonly sign: Act; readonly giveBack: Act };

const signOffsOf = (signed: Signed) =>
  signed.signatures.map((signature) => ({ ...signature, isOutdated: signature.outdatedAt !== null }));

/** As which role the person can sign, or the sentence why not: the rule by which the server refuses. */
function signingOf(signed: Signed, userId: string): { asRole: ProcessRole | null; reason: string | null } {
  const { rules, myRoles } = signed;
  const held = rules.requiredRoles.filter((role) => myRoles.includes(role));
  const tries = (held.length > 0 ? held : rules.requiredRoles).map((asRole) => ({
    asRole,
    refusal: refusalForPerson(rules, signOffsOf(signed), { userId, isPerson: true, heldRoles: myRoles, asRole }),
  }));
  const open = tries.find(({ refusal }) => refusal === null)?.asRole;
  if (open && isProcessRole(open)) return { asRole: open, reason: null };
  return {
    asRole: null,
    reason: tries.find(({ refusal }) => refusal !== null)?.refusal?.sentence ?? "Nobody is asked.",
  };
}

/** Who has signed, who still must, over which digest, and the buttons: for whatever is signed but a promotion. */
export function ApprovalCard(props: Props) {
  const { signed } = props;
  const given = currentSignOffs(signed.rules, signOffsOf(signed)).filter(({ decision }) => decision === "approved");
  const isOpen = signed.rules.state === "open";
  return (
    <Card
      isFlush
      title="Signatures"
      aside={
        <span className="figures">
          {given.length} of {signed.rules.requiredRoles.length}
        </span>
      }
    >
      {signed.signatures.map((signature) => (
        <SignatureRow key={signature.id} signature={signature} />
      ))}
      {isOpen &&
        missingRoles(signed.rules, signOffsOf(signed)).map((role) => (
          <MissingRow key={role} role={role} signed={signed} />
        ))}
      {!isOpen && signed.signatures.length === 0 && (
        <CardRow>
          <p className="text-sm text-muted">Nobody signed this before it was superseded.</p>
        </CardRow>
      )}
      {isOpen && (
        <div className="flex flex-col gap-3 border-t border-line px-3.5 py-3">
          <div className="rounded-md bg-surface-sunken px-2.5 py-2 text-xs text-pretty">
            One signs the text with the digest{" "}
            <CopyId value={signed.rules.evidenceDigest ?? ""} what="digest of what is signed" />, by the rule{" "}
            <code>{signed.rules.policyVersion}</code>.
          </div>
          <Acts {...props} />
        </div>
      )}
    </Card>
  );
}

/** What the person was shown when the dialogue opened: their signature is over this, whatever happens meanwhile. */
type Shown = {
  readonly act: "sign" | "return";
  readonly asRole: ProcessRole;
  readonly evidenceDigest: string;
  readonly policyVersion: string;
};

function Acts({ signed, sign, giveBack }: Props) {
  const me = useMe();
  const [shown, setShown] = useState<Shown | null>(null);
  const signing = signingOf(signed, me.userId);
  const returning =
    signed.rules.openedBy === me.userId ? "You wrote this: save the next version instead." : signing.reason;
  const open = (act: Shown["act"]) => {
    const { evidenceDigest, policyVersion } = signed.rules;
    if (signing.asRole && evidenceDigest) setShown({ act, asRole: signing.asRole, evidenceDigest, policyVersion });
  };
  const close = () => setShown(null);
  return (
    <div className="flex flex-col gap-2">
      <Button tone="primary" disabledReason={signing.reason} onClick={() => open("sign")}>
        <Signature aria-hidden />
        Review and sign
      </Button>
      <Button disabledReason={returning} onClick={() => open("return")}>
        Return with reasons…
      </Button>
      {shown?.act === "sign" && (
        <Dialog
          isOpen
          onOpenChange={close}
          title={`Sign ${signed.name}`}
          description={`You sign as ${ROLE_NAMES[shown.asRole]}. The statement is kept word for word; with the last one it is open to ${signed.opens}.`}
          width="md"
        >
          <SignForm signed={signed} shown={shown} sign={sign} onClose={close} />
        </Dialog>
      )}
      {shown?.act === "return" && (
        <ConfirmDialog
          isOpen
          onOpenChange={close}
          title={`Return ${signed.name}?`}
          act="Return with these reasons"
          tone="danger"
          comment="required"
          commentLabel="Reasons"
          isPending={giveBack.isPending}
          error={giveBack.error}
          onConfirm={(comment) => giveBack.send({ ...statementOf(shown), meaning: "", comment }, close)}
        >
          You return it as {ROLE_NAMES[shown.asRole]}. It takes no further signature; the author reads your reasons.
        </ConfirmDialog>
      )}
    </div>
  );
}

const statementOf = ({ act: _, ...shown }: Shown) => shown;

function SignForm(props: { signed: Signed; shown: Shown; sign: Act; onClose: () => void }) {
  const { signed, shown, sign } = props;
  const meanings = meaningsFor(signed.subject, shown.asRole);
  const [meaning, setMeaning] = useState(meanings[0] ?? "");
  const [comment, setComment] = useState("");
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (!sign.isPending) sign.send({ ...statementOf(shown), meaning, comment }, props.onClose);
      }}
    >
      <dl className="grid grid-cols-[auto_1fr] items-baseline gap-x-4 gap-y-1 rounded-md bg-surface-sunken px-3 py-2 text-sm">
        <dt className="text-muted">Signed</dt>
        <dd className="min-w-0">{signed.name}</dd>
        <dt className="text-muted">Digest</dt>
        <dd className="min-w-0">
          <CopyId value={shown.evidenceDigest} what="digest of what is signed" />
        </dd>
        <dt className="text-muted">Rule</dt>
        <dd className="min-w-0 font-mono text-xs">{shown.policyVersion}</dd>
      </dl>
      <Field label="Your signature says">
        {(field) => (
          <Select
            {...field}
            value={meaning}
            options={meanings.map((text) => ({ value: text, label: text }))}
            onChange={(event) => setMeaning(event.target.value)}
          />
        )}
      </Field>
      <Field label="Comment" isOptional>
        {(field) => <Textarea {...field} value={comment} onChange={(event) => setComment(event.target.value)} />}
      </Field>
      {sign.error ? <CallProblem error={describeError(sign.error)} /> : null}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={props.onClose}>Cancel</Button>
        <Button type="submit" tone="primary" isPending={sign.isPending}>
          Sign
        </Button>
      </div>
    </form>
  );
}

/** A role that nobody has signed for: me, or the people who can. */
function MissingRow({ role, signed }: { role: Role; signed: Signed }) {
  const me = useMe();
  const isMine = signingOf(signed, me.userId).asRole === role;
  const able = signed.holders.filter(
    (holder) => holder.role === role && !signed.rules.barred.some((bar) => bar.userId === holder.userId),
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
          <span className="font-semibold">{isMine ? me.name : capitalised(ROLE_NAMES[role])}</span>
          {isMine && <span className="text-xs text-muted"> you, {ROLE_NAMES[role]}</span>}
        </p>
        <p className="text-xs text-pretty text-muted">
          {able.length > 0
            ? `Can sign: ${able.map(({ name }) => name).join(", ")}`
            : "Nobody who may sign holds this role yet."}
        </p>
      </div>
    </CardRow>
  );
}
