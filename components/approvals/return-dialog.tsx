"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ProcessRole, ROLE_NAMES } from "@/domain/identity/roles";
import type { Promotion } from "../promotions/promotion-words";
import { useProject } from "../providers/project";
import { useTRPC } from "../providers/trpc";
import { ConfirmDialog } from "../ui/confirm-dialog";
import type { Shown } from "./sign-dialog";

/** Sends a promotion back with reasons. It closes; the author proposes anew when they are met. */
export function ReturnDialog(props: {
  promotion: Promotion;
  asRole: ProcessRole;
  shown: Shown;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}) {
  const { promotion, asRole, shown } = props;
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const project = useProject();
  const giveBack = useMutation(
    trpc.promotions.return.mutationOptions({
      onSuccess: () => props.onOpenChange(false),
      onSettled: () => queryClient.invalidateQueries(trpc.promotions.pathFilter()),
    }),
  );
  return (
    <ConfirmDialog
      isOpen={props.isOpen}
      onOpenChange={props.onOpenChange}
      title={`Return ${promotion.model} v${promotion.version}?`}
      act="Return with these reasons"
      tone="danger"
      comment="required"
      commentLabel="Reasons"
      isPending={giveBack.isPending}
      error={giveBack.error}
      onConfirm={(comment) =>
        giveBack.mutate({
          projectId: project.id,
          promotionId: promotion.id,
          asRole,
          comment,
          evidenceDigest: shown.evidenceDigest,
          policyVersion: shown.policyVersion,
        })
      }
    >
      You return it as {ROLE_NAMES[asRole]}. The promotion closes, and {promotion.proposer.name} reads your reasons.
    </ConfirmDialog>
  );
}
