"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { CirclePause, CirclePlay } from "lucide-react";
import { useState } from "react";
import { usePermission, useProject } from "../providers/project";
import { useTRPC } from "../providers/trpc";
import { Button } from "../ui/button";
import { ConfirmDialog } from "../ui/confirm-dialog";
import type { Place } from "./deployments-view";

/** The emergency stop, and its end. Both need a reason, neither an approval. */
export function TrafficButton({ place }: { place: Place }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const project = useProject();
  const [isOpen, setOpen] = useState(false);
  const permission = usePermission("deployments.stop");
  const options = {
    onSuccess: () => setOpen(false),
    onSettled: () => queryClient.invalidateQueries(trpc.deployments.pathFilter()),
  };
  const stop = useMutation(trpc.deployments.stopTraffic.mutationOptions(options));
  const resume = useMutation(trpc.deployments.resumeTraffic.mutationOptions(options));
  const { isStopped } = place.traffic;
  const change = isStopped ? resume : stop;
  const input = { projectId: project.id, environment: place.environment, modelId: place.modelId };
  return (
    <>
      <Button
        size="sm"
        tone={isStopped ? "secondary" : "danger"}
        disabledReason={permission.reason}
        onClick={() => setOpen(true)}
      >
        {isStopped ? <CirclePlay aria-hidden /> : <CirclePause aria-hidden />}
        {isStopped ? "Resume traffic" : "Stop traffic"}
      </Button>
      <ConfirmDialog
        isOpen={isOpen}
        onOpenChange={setOpen}
        title={
          isStopped
            ? `Resume the traffic of ${place.model}?`
            : `Stop the traffic of ${place.model} in ${place.environment}?`
        }
        act={isStopped ? "Resume traffic" : "Stop traffic"}
        tone={isStopped ? "primary" : "danger"}
        comment="required"
        commentLabel="Reason"
        isPending={change.isPending}
        error={change.error}
        onConfirm={(reason) => change.mutate({ ...input, reason })}
      >
        {isStopped
          ? "Callers get answers again at once."
          : "Callers get no answers from it until somebody resumes it. Nothing is undeployed."}
      </ConfirmDialog>
    </>
  );
}
