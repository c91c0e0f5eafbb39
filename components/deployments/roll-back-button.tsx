"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { History } from "lucide-react";
import { useState } from "react";
import { usePermission, useProject } from "../providers/project";
import { type RouterOutputs, useTRPC } from "../providers/trpc";
import { Button } from "../ui/button";
import { ConfirmDialog } from "../ui/confirm-dialog";
import type { Place } from "./deployments-view";

type Line = RouterOutputs["deployments"]["history"]["deployments"][number];

/** Brings the version of an earlier deployment back, with a reason and no approval. */
export function RollBackButton({ place, line }: { place: Place; line: Line }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const project = useProject();
  const [isOpen, setOpen] = useState(false);
  const permission = usePermission("deployments.rollback");
  const rollBack = useMutation(
    trpc.deployments.rollBack.mutationOptions({
      onSuccess: () => setOpen(false),
      onSettled: () => queryClient.invalidateQueries(trpc.deployments.pathFilter()),
    }),
  );
  return (
    <>
      <Button size="sm" disabledReason={permission.reason ?? line.rollbackRefusal} onClick={() => setOpen(true)}>
        <History aria-hidden />
        Roll back to v{line.version}
      </Button>
      <ConfirmDialog
        isOpen={isOpen}
        onOpenChange={setOpen}
        title={`Roll ${place.environment} back to v${line.version}?`}
        act={`Roll back to v${line.version}`}
        comment="required"
        commentLabel="Reason"
        isPending={rollBack.isPending}
        error={rollBack.error}
        onConfirm={(reason) =>
          rollBack.mutate({
            projectId: project.id,
            environment: place.environment,
            modelId: place.modelId,
            deploymentId: line.id,
            reason,
          })
        }
      >
        {place.active ? `v${place.active.version} serves until v${line.version} has answered as measured.` : ""} Open
        promotions of {place.model} are evaluated anew.
      </ConfirmDialog>
    </>
  );
}
