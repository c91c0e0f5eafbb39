"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { CirclePlay } from "lucide-react";
import { useState } from "react";
import { usePermission, useProject } from "../providers/project";
import { useTRPC } from "../providers/trpc";
import { Button } from "../ui/button";
import { ConfirmDialog } from "../ui/confirm-dialog";

/** Starts by hand what the policy held back. */
export function StartRetraining({ triggerId }: { triggerId: string }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const project = useProject();
  const permission = usePermission("monitoring.retrain");
  const [isOpen, setOpen] = useState(false);
  const start = useMutation(
    trpc.feedback.startRetraining.mutationOptions({
      onSuccess: () => setOpen(false),
      onSettled: () => queryClient.invalidateQueries(trpc.feedback.pathFilter()),
    }),
  );
  return (
    <>
      <Button disabledReason={permission.reason} onClick={() => setOpen(true)}>
        <CirclePlay aria-hidden />
        Start by hand
      </Button>
      <ConfirmDialog
        isOpen={isOpen}
        onOpenChange={setOpen}
        title="Start the retraining now?"
        act="Start"
        comment="required"
        commentLabel="Reason"
        isPending={start.isPending}
        error={start.error}
        onConfirm={(reason) => start.mutate({ projectId: project.id, triggerId, reason })}
      >
        Pipeline and training window are the policy's. The run is yours: you may not approve its version.
      </ConfirmDialog>
    </>
  );
}
