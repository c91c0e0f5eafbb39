"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { meaningsFor } from "@/domain/approvals/meanings";
import { JUDGING_ROLE } from "@/domain/approvals/policy";
import { type ProcessRole, ROLE_NAMES } from "@/domain/identity/roles";
import type { Promotion } from "../promotions/promotion-words";
import { describeError } from "../providers/call-error";
import { useProject } from "../providers/project";
import { useTRPC } from "../providers/trpc";
import { Button } from "../ui/button";
import { CheckboxLine } from "../ui/checkbox";
import { CopyId } from "../ui/copy-id";
import { Dialog } from "../ui/dialog";
import { CallProblem } from "../ui/error-panel";
import { Field, Select, Textarea } from "../ui/field";

/** What the person is shown when the dialogue opens. Their signature is over this, whatever happens meanwhile. */
export type Shown = {
  readonly evidenceDigest: string;
  readonly policyVersion: string;
  readonly openRules: readonly string[];
};

type Props = {
  promotion: Promotion;
  asRole: ProcessRole;
  shown: Shown;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
};

/** The whole statement before it is signed: what, under which policy, over which evidence, meaning what. */
export function SignDialog(props: Props) {
  const { promotion, asRole } = props;
  return (
    <Dialog
      isOpen={props.isOpen}
      onOpenChange={props.onOpenChange}
      title={`Sign ${promotion.model} v${promotion.version} for ${promotion.environment}`}
      description={`You sign as ${ROLE_NAMES[asRole]}. The statement below is kept word for word.`}
      width="md"
    >
      <SignForm {...props} />
    </Dialog>
  );
}

function SignForm({ promotion, asRole, shown, onOpenChange }: Props) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const project = useProject();
  const meanings = meaningsFor("promotion", asRole);
  const [meaning, setMeaning] = useState(meanings[0] ?? "");
  const [comment, setComment] = useState("");
  const [accepted, setAccepted] = useState<readonly string[]>([]);
  const toAccept = asRole === JUDGING_ROLE ? shown.openRules : [];
  const sign = useMutation(
    trpc.promotions.sign.mutationOptions({
      onSuccess: () => onOpenChange(false),
      onSettled: () => queryClient.invalidateQueries(trpc.promotions.pathFilter()),
    }),
  );
  const missing = missingFor(toAccept, accepted, comment);
  const problem = sign.error ? describeError(sign.error) : null;
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (missing || sign.isPending) return;
        const { evidenceDigest, policyVersion } = shown;
        sign.mutate({
          projectId: project.id,
          promotionId: promotion.id,
          asRole,
          evidenceDigest,
          policyVersion,
          meaning,
          comment,
          acceptedRules: [...accepted],
        });
      }}
    >
      <Statement promotion={promotion} shown={shown} />
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
      {toAccept.length > 0 && (
        <fieldset className="flex flex-col gap-1">
          <legend className="mb-1 text-sm font-semibold">Inconclusive rules that you judged and accept</legend>
          {toAccept.map((rule) => (
            <CheckboxLine
              key={rule}
              checked={accepted.includes(rule)}
              hint={promotion.evidence?.record.results.find(({ title }) => title === rule)?.sentence}
              onChange={(event) =>
                setAccepted(event.target.checked ? [...accepted, rule] : accepted.filter((each) => each !== rule))
              }
            >
              {rule}
            </CheckboxLine>
          ))}
        </fieldset>
      )}
      <Field label="Comment" isOptional={toAccept.length === 0} error={problem?.fields.comment}>
        {(field) => <Textarea {...field} value={comment} onChange={(event) => setComment(event.target.value)} />}
      </Field>
      {problem && <CallProblem error={problem} />}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={() => onOpenChange(false)}>Cancel</Button>
        <Button type="submit" tone="primary" isPending={sign.isPending} disabledReason={missing}>
          Sign for {promotion.environment}
        </Button>
      </div>
    </form>
  );
}

function missingFor(toAccept: readonly string[], accepted: readonly string[], comment: string): string | null {
  const left = toAccept.filter((rule) => !accepted.includes(rule));
  if (left.length > 0) return `Accept ${left.join(", ")} by name, or return the promotion.`;
  return toAccept.length > 0 && comment.trim() === ""
    ? "Say in a comment why the inconclusive rules are acceptable."
    : null;
}

function Statement({ promotion, shown }: { promotion: Promotion; shown: Shown }) {
  const lines = [
    {
      key: "Version",
      value: (
        <CopyId
          value={promotion.modelDigest ?? ""}
          what="model digest"
          text={`${promotion.model} v${promotion.version}`}
        />
      ),
    },
    { key: "Evidence", value: <CopyId value={shown.evidenceDigest} what="evidence digest" /> },
    { key: "Policy", value: <span className="font-mono text-xs">{shown.policyVersion}</span> },
    { key: "Lets it into", value: promotion.environment },
  ];
  return (
    <dl className="grid grid-cols-[auto_1fr] items-baseline gap-x-4 gap-y-1 rounded-md bg-surface-sunken px-3 py-2 text-sm">
      {lines.map(({ key, value }) => (
        <div key={key} className="contents">
          <dt className="text-muted">{key}</dt>
          <dd className="min-w-0">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
