"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { RefreshCw, Undo2 } from "lucide-react";
import { useState } from "react";
import { describeError } from "../providers/call-error";
import { useMe } from "../providers/me";
import { usePermission, useProject } from "../providers/project";
import { useTRPC } from "../providers/trpc";
import { Button } from "../ui/button";
import { ConfirmDialog } from "../ui/confirm-dialog";
import { useToast } from "../ui/toast";
import { isWaiting, type Promotion } from "./promotion-words";

/** Withdraw, and where something blocks, evaluate again. */
export function PromotionActions({ promotion }: { promotion: Promotion }) {
  if (!isWaiting(promotion)) return null;
  return (
    <>
      {promotion.state === "waiting" && promotion.approval.rules.blockingRules.length > 0 && (
        <EvaluateAgain promotion={promotion} />
      )}
      <Withdraw promotion={promotion} />
    </>
  );
}

function Withdraw({ promotion }: { promotion: Promotion }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const project = useProject();
  const me = useMe();
  const [isOpen, setOpen] = useState(false);
  const permission = usePermission("promotions.withdraw", { isOwn: promotion.proposer.id === me.userId });
  const withdraw = useMutation(
    trpc.promotions.withdraw.mutationOptions({
      onSuccess: () => setOpen(false),
      onSettled: () => queryClient.invalidateQueries(trpc.promotions.pathFilter()),
    }),
  );
  return (
    <>
      <Button disabledReason={permission.reason} onClick={() => setOpen(true)}>
        <Undo2 aria-hidden />
        Withdraw
      </Button>
      <ConfirmDialog
        isOpen={isOpen}
        onOpenChange={setOpen}
        title={`Withdraw promotion #${promotion.number}?`}
        act="Withdraw"
        comment="required"
        commentLabel="Reason"
        isPending={withdraw.isPending}
        error={withdraw.error}
        onConfirm={(reason) => withdraw.mutate({ projectId: project.id, promotionId: promotion.id, reason })}
      >
        It closes, and the signatures given so far stay in the record. The version can be proposed again.
      </ConfirmDialog>
    </>
  );
}

function EvaluateAgain({ promotion }: { promotion: Promotion }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const project = useProject();
  const toast = useToast();
  const permission = usePermission("promotions.propose");
  const evaluate = useMutation(
    trpc.promotions.evaluateAgain.mutationOptions({
      onError: (error) => toast(describeError(error).message, { tone: "failed" }),
      onSettled: () => queryClient.invalidateQueries(trpc.promotions.pathFilter()),
    }),
  );
  return (
    <Button
      disabledReason={permission.reason}
      isPending={evaluate.isPending}
      onClick={() => evaluate.mutate({ projectId: project.id, promotionId: promotion.id })}
    >
      <RefreshCw aria-hidden />
      Evaluate again
    </Button>
  );
}
