"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type ProcessRole, ROLE_NAMES } from "@/domain/identity/roles";
import { reviewName } from "@/domain/reviews/outcome";
import type { ReviewDecision } from "@/domain/reviews/status";
import { describeError } from "../providers/call-error";
import { useMe } from "../providers/me";
import { usePermission, useProject } from "../providers/project";
import { useTRPC } from "../providers/trpc";
import { Button } from "../ui/button";
import { CopyId } from "../ui/copy-id";
import { Dialog } from "../ui/dialog";
import { CallProblem } from "../ui/error-panel";
import { Field, Select, Textarea } from "../ui/field";
import { reviewingRefusal, rolesToReviewAs } from "./reviewing";
import type { Review } from "./words";

/** "Finish my review": a verdict on the evidence that is shown when the dialogue opens, whatever happens meanwhile. */
export function VerdictButton({ review }: { review: Review }) {
  const me = useMe();
  const permission = usePermission("reviews.verdict");
  const [shown, setShown] = useState<string | null>(null);
  const refusal = permission.reason ?? reviewingRefusal(review, me.userId);
  return (
    <>
      <Button tone="primary" disabledReason={refusal} onClick={() => setShown(review.evidence?.digest ?? null)}>
        Finish my review
      </Button>
      <Dialog
        isOpen={shown !== null}
        onOpenChange={(isOpen) => !isOpen && setShown(null)}
        title={`Your verdict on ${reviewName(review.number)}`}
        description="A later verdict in the same role takes the place of this one. Both are kept."
      >
        {shown !== null && <VerdictForm review={review} shown={shown} onDone={() => setShown(null)} />}
      </Dialog>
    </>
  );
}

const DECISIONS: readonly { value: ReviewDecision; label: string; hint: string }[] = [
  { value: "approved", label: "Approve", hint: "It may go on, as far as my part is concerned." },
  { value: "changes_requested", label: "Request changes", hint: "It must not go on as it is. Say what has to change." },
];

function VerdictForm({ review, shown, onDone }: { review: Review; shown: string; onDone: () => void }) {
  const trpc = useTRPC();
  const project = useProject();
  const queryClient = useQueryClient();
  const roles = rolesToReviewAs(review);
  const [asRole, setAsRole] = useState<ProcessRole>(roles[0] ?? "R7");
  const [decision, setDecision] = useState<ReviewDecision>("approved");
  const [comment, setComment] = useState("");
  const give = useMutation(
    trpc.reviews.verdict.mutationOptions({
      onSuccess: onDone,
      onSettled: () => queryClient.invalidateQueries(trpc.reviews.pathFilter()),
    }),
  );
  const needsReason = decision === "changes_requested";
  const missing = needsReason && comment.trim() === "" ? "Say what has to change." : null;
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (missing || give.isPending) return;
        give.mutate({ projectId: project.id, reviewId: review.id, asRole, decision, comment, evidenceDigest: shown });
      }}
    >
      <p className="rounded-md bg-surface-sunken px-2.5 py-2 text-xs text-pretty">
        Your verdict is on evidence <CopyId value={shown} what="evidence digest" />. If it changes, the verdict is
        outdated.
      </p>
      <Field label="As">
        {(field) => (
          <Select
            {...field}
            value={asRole}
            options={roles.map((role) => ({ value: role, label: ROLE_NAMES[role] }))}
            onChange={(event) => setAsRole(roles.find((role) => role === event.target.value) ?? asRole)}
          />
        )}
      </Field>
      <fieldset className="flex flex-col gap-1.5">
        <legend className="mb-1 text-sm font-semibold">Verdict</legend>
        {DECISIONS.map((option) => (
          <label key={option.value} className="flex items-start gap-2.5 text-sm">
            <input
              type="radio"
              name="decision"
              className="mt-1 accent-accent"
              checked={decision === option.value}
              onChange={() => setDecision(option.value)}
            />
            <span>
              {option.label}
              <span className="block text-xs text-muted">{option.hint}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <Field label={needsReason ? "Reasons" : "Comment"} isOptional={!needsReason}>
        {(field) => <Textarea {...field} value={comment} onChange={(event) => setComment(event.target.value)} />}
      </Field>
      {give.error && <CallProblem error={describeError(give.error)} />}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onDone}>Cancel</Button>
        <Button type="submit" tone="primary" isPending={give.isPending} disabledReason={missing}>
          {needsReason ? "Request changes" : "Approve"}
        </Button>
      </div>
    </form>
  );
}
