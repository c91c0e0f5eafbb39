"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { acknowledgeProblem } from "@/domain/monitoring/policy";
import { useMe } from "../providers/me";
import { usePermission, useProject } from "../providers/project";
import { useTRPC } from "../providers/trpc";
import { Button } from "../ui/button";
import { ConfirmDialog } from "../ui/confirm-dialog";
import type { AlertRow } from "./words";

/** Says that one has seen an open alert, with what one makes of it. */
export function AcknowledgeButton({ alert }: { alert: AlertRow }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const project = useProject();
  const me = useMe();
  const [isOpen, setIsOpen] = useState(false);
  const permission = usePermission("monitoring.acknowledge", { isOwn: alert.ownerId === me.userId });
  const acknowledge = useMutation(
    trpc.monitoring.acknowledge.mutationOptions({
      onSuccess: () => setIsOpen(false),
      onSettled: () => queryClient.invalidateQueries(trpc.monitoring.pathFilter()),
    }),
  );
  return (
    <>
      <Button disabledReason={permission.reason ?? acknowledgeProblem(alert)} onClick={() => setIsOpen(true)}>
        Acknowledge
      </Button>
      <ConfirmDialog
        isOpen={isOpen}
        onOpenChange={setIsOpen}
        title={`Acknowledge alert #${alert.number}?`}
        act="Acknowledge"
        comment="optional"
        isPending={acknowledge.isPending}
        error={acknowledge.error}
        onConfirm={(comment) => acknowledge.mutate({ projectId: project.id, alertId: alert.id, comment })}
      >
        Others see that you look at it. It stays open until a later quarter is at or above the limit.
      </ConfirmDialog>
    </>
  );
}
