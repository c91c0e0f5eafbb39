"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { RotateCcw, Square } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { cancelRefusal } from "@/domain/pipelines/policy";
import { useMe } from "../providers/me";
import { usePermission, useProject } from "../providers/project";
import { useTRPC } from "../providers/trpc";
import { routes } from "../shell/routes";
import { Button } from "../ui/button";
import { ConfirmDialog } from "../ui/confirm-dialog";
import { useToast } from "../ui/toast";
import { ParametersDialog } from "./parameters-dialog";
import type { Run } from "./run-words";

/** What can be done with a run: again with other parameters, and stopping it. */
export function RunActions({ run }: { run: Run }) {
  return (
    <>
      <RunAgain run={run} />
      <Cancel run={run} />
    </>
  );
}

function RunAgain({ run }: { run: Run }) {
  const trpc = useTRPC();
  const router = useRouter();
  const project = useProject();
  const queryClient = useQueryClient();
  const permission = usePermission("pipelines.run");
  const [isOpen, setIsOpen] = useState(false);
  const rerun = useMutation(
    trpc.pipelines.rerun.mutationOptions({
      onSuccess: async ({ number }) => {
        await queryClient.invalidateQueries(trpc.pipelines.pathFilter());
        router.push(routes.pipelineRun(project.slug, number));
      },
    }),
  );
  return (
    <>
      <Button disabledReason={permission.reason} onClick={() => setIsOpen(true)}>
        <RotateCcw aria-hidden />
        Run again
      </Button>
      <ParametersDialog
        isOpen={isOpen}
        onOpenChange={setIsOpen}
        title={`Run ${run.pipeline} again`}
        description={`The same version ${run.version} as run #${run.number}, on the data as it is now.`}
        act="Run again"
        specs={run.parameterSpecs}
        values={run.parameters}
        isPending={rerun.isPending || rerun.isSuccess}
        error={rerun.error}
        onSubmit={(parameters) => rerun.mutate({ projectId: project.id, runId: run.id, parameters })}
      />
    </>
  );
}

function Cancel({ run }: { run: Run }) {
  const me = useMe();
  const toast = useToast();
  const trpc = useTRPC();
  const project = useProject();
  const queryClient = useQueryClient();
  const permission = usePermission("pipelines.cancel", { isOwn: run.startedById === me.userId });
  const refusal = cancelRefusal({ state: run.state, startedBy: run.startedById, asker: me.userId, reach: "any" });
  const [isOpen, setIsOpen] = useState(false);
  const cancel = useMutation(
    trpc.pipelines.cancel.mutationOptions({
      onSuccess: async () => {
        setIsOpen(false);
        toast(`Run #${run.number} is being cancelled`);
        await queryClient.invalidateQueries(trpc.pipelines.pathFilter());
      },
    }),
  );
  if (refusal?.reason === "over") return null;
  return (
    <>
      <Button disabledReason={refusal?.sentence ?? permission.reason} onClick={() => setIsOpen(true)}>
        <Square aria-hidden />
        {run.state === "cancelling" ? "Cancelling" : "Cancel"}
      </Button>
      <ConfirmDialog
        isOpen={isOpen}
        onOpenChange={setIsOpen}
        title={`Cancel run #${run.number}?`}
        act="Cancel run"
        tone="danger"
        isPending={cancel.isPending}
        error={cancel.error}
        onConfirm={() => cancel.mutate({ projectId: project.id, runId: run.id })}
      >
        Every process of its steps is ended. What finished steps have made stays.
      </ConfirmDialog>
    </>
  );
}
