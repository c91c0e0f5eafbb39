"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Check, CheckCheck, Minus } from "lucide-react";
import { useState } from "react";
import { ARROWS } from "@/domain/feedback/arrows";
import { answeringRefusal, completingRefusal } from "@/domain/feedback/policy";
import { useProject } from "../providers/project";
import { useTRPC } from "../providers/trpc";
import { Button } from "../ui/button";
import { ConfirmDialog } from "../ui/confirm-dialog";
import { CompleteDialog } from "./complete-dialog";
import type { Item } from "./item-view";

/** Accept and decline while it is open, done once it is accepted; disabled with the reason by the rule of the server. */
export function ItemActions({ item }: { item: Item }) {
  const { roles } = useProject();
  const facts = { kind: item.kind, state: item.state, roles, isPerson: true };
  if (item.state === "open") return <Answers item={item} reason={answeringRefusal(facts)?.sentence ?? null} />;
  if (item.state === "accepted") return <Done item={item} reason={completingRefusal(facts)?.sentence ?? null} />;
  return null;
}

type Props = { item: Item; reason: string | null };

function Answers({ item, reason }: Props) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const project = useProject();
  const [asked, setAsked] = useState<"accept" | "decline" | null>(null);
  const answer = useMutation(
    trpc.feedback.answer.mutationOptions({
      onSuccess: () => setAsked(null),
      onSettled: () => queryClient.invalidateQueries(trpc.feedback.pathFilter()),
    }),
  );
  const about = { projectId: project.id, itemId: item.id };
  const close = (isOpen: boolean) => {
    if (!isOpen) setAsked(null);
  };
  const arrow = ARROWS[item.kind].title.toLowerCase();
  return (
    <>
      <Button disabledReason={reason} onClick={() => setAsked("decline")}>
        <Minus aria-hidden />
        Decline
      </Button>
      <Button tone="primary" disabledReason={reason} onClick={() => setAsked("accept")}>
        <Check aria-hidden />
        Accept
      </Button>
      <ConfirmDialog
        isOpen={asked === "accept"}
        onOpenChange={close}
        title={`Accept this ${arrow}?`}
        act="Accept"
        comment="optional"
        commentLabel="What you will do"
        isPending={answer.isPending}
        error={answer.error}
        onConfirm={(comment) => answer.mutate({ ...about, answer: "accept", comment })}
      >
        {acceptHint(item)}
      </ConfirmDialog>
      <ConfirmDialog
        isOpen={asked === "decline"}
        onOpenChange={close}
        title={`Decline this ${arrow}?`}
        act="Decline"
        comment="required"
        commentLabel="Reason"
        isPending={answer.isPending}
        error={answer.error}
        onConfirm={(text) => answer.mutate({ ...about, answer: "decline", reason: text })}
      >
        {item.createdByName ?? "Everybody"} reads your reason.
      </ConfirmDialog>
    </>
  );
}

/** What an acceptance sets off, which differs with the retraining of the finding. */
function acceptHint({ retraining }: Item): string {
  if (!retraining) return "It is yours from then on, until you say what closed it.";
  const barred = "You may not approve the promotion of a version that comes of it.";
  if (retraining.run) return `Run #${retraining.run.number} has started already and is linked to it. ${barred}`;
  return retraining.heldBackReason === "waits_for_acceptance"
    ? `The retraining that waits for it starts at the same moment, within cool-down and budget. ${barred}`
    : barred;
}

function Done({ item, reason }: Props) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button tone="primary" disabledReason={reason} onClick={() => setOpen(true)}>
        <CheckCheck aria-hidden />
        Done
      </Button>
      <CompleteDialog item={item} isOpen={isOpen} onOpenChange={setOpen} />
    </>
  );
}
