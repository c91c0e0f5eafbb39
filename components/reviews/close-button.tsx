"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { reviewName } from "@/domain/reviews/outcome";
import { refusalToClose } from "@/domain/reviews/policy";
import { useMe } from "../providers/me";
import { usePermission, useProject } from "../providers/project";
import { useTRPC } from "../providers/trpc";
import { Button } from "../ui/button";
import { ConfirmDialog } from "../ui/confirm-dialog";
import type { Review } from "./words";

const WORDS = {
  withdrawn: { act: "Withdraw", text: "You opened it. It speaks for no promotion any more; what was said stays." },
  closed: { act: "Close review", text: "It speaks for no promotion any more; what was said stays." },
} as const;

/** Its opener withdraws a review; an ML engineer closes it. Both with a reason. */
export function CloseButton({ review }: { review: Review }) {
  const trpc = useTRPC();
  const project = useProject();
  const me = useMe();
  const queryClient = useQueryClient();
  const permission = usePermission("reviews.comment");
  const [isOpen, setIsOpen] = useState(false);
  const state = review.opener.id === me.userId ? "withdrawn" : "closed";
  const refusal = refusalToClose(
    { state: review.state, openedBy: review.opener.id },
    { userId: me.userId, heldRoles: review.myRoles },
    state,
  );
  const close = useMutation(
    trpc.reviews.close.mutationOptions({
      onSuccess: () => setIsOpen(false),
      onSettled: () => queryClient.invalidateQueries(trpc.reviews.pathFilter()),
    }),
  );
  if (review.state !== "open") return null;
  const { act, text } = WORDS[state];
  return (
    <>
      <Button disabledReason={permission.reason ?? refusal?.sentence} onClick={() => setIsOpen(true)}>
        {act}
      </Button>
      <ConfirmDialog
        isOpen={isOpen}
        onOpenChange={setIsOpen}
        title={`${act === "Withdraw" ? "Withdraw" : "Close"} ${reviewName(review.number)}?`}
        act={act}
        tone="danger"
        comment="required"
        commentLabel="Reason"
        isPending={close.isPending}
        error={close.error}
        onConfirm={(reason) => close.mutate({ projectId: project.id, reviewId: review.id, state, reason })}
      >
        {text}
      </ConfirmDialog>
    </>
  );
}
