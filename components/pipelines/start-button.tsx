"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Play } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { usePermission, useProject } from "../providers/project";
import { type RouterOutputs, useTRPC } from "../providers/trpc";
import { routes } from "../shell/routes";
import { Button } from "../ui/button";
import { ParametersDialog } from "./parameters-dialog";

/** Starts a run of a version with parameters, and goes to its page. */
export function StartButton({ pipeline }: { pipeline: RouterOutputs["pipelines"]["get"] }) {
  const trpc = useTRPC();
  const router = useRouter();
  const project = useProject();
  const queryClient = useQueryClient();
  const permission = usePermission("pipelines.run");
  const [isOpen, setIsOpen] = useState(false);
  const start = useMutation(
    trpc.pipelines.start.mutationOptions({
      onSuccess: async ({ number }) => {
        await queryClient.invalidateQueries(trpc.pipelines.pathFilter());
        router.push(routes.pipelineRun(project.slug, number));
      },
    }),
  );
  return (
    <>
      <Button tone="primary" disabledReason={permission.reason} onClick={() => setIsOpen(true)}>
        <Play aria-hidden />
        Start run
      </Button>
      <ParametersDialog
        isOpen={isOpen}
        onOpenChange={setIsOpen}
        title={`Start ${pipeline.name}`}
        description={`Version ${pipeline.current.version}, ${pipeline.current.plan.steps.length} steps. Dataset versions are fixed at the start.`}
        act="Start run"
        specs={pipeline.current.plan.parameters}
        isPending={start.isPending || start.isSuccess}
        error={start.error}
        onSubmit={(parameters) => start.mutate({ projectId: project.id, pipelineId: pipeline.id, parameters })}
      />
    </>
  );
}
