"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ListChecks } from "lucide-react";
import { useQueryStates } from "nuqs";
import { describeError } from "../providers/call-error";
import { usePermission, useProject } from "../providers/project";
import { useTRPC } from "../providers/trpc";
import { Button } from "../ui/button";
import { useToast } from "../ui/toast";
import type { Dataset } from "./dataset-view";
import { datasetView } from "./filters";

/** Runs the present checks on the shown version and opens their report. */
export function RunChecksButton({ dataset, versionId }: { dataset: Dataset; versionId: string }) {
  const trpc = useTRPC();
  const project = useProject();
  const queryClient = useQueryClient();
  const toast = useToast();
  const permission = usePermission("data.import");
  const [, setView] = useQueryStates(datasetView);
  const run = useMutation(
    trpc.data.validate.mutationOptions({
      onSuccess: async (report) => {
        await queryClient.invalidateQueries(trpc.data.pathFilter());
        await setView({ tab: "checks", report: null });
        toast(report.hasPassed ? "All checks passed" : "Some checks failed", {
          tone: report.hasPassed ? "done" : "failed",
        });
      },
      onError: (error) => toast(describeError(error).message, { tone: "failed" }),
    }),
  );
  const nothing = (dataset.checkSet?.checks.length ?? 0) === 0 ? "The dataset has no checks yet." : null;
  return (
    <Button
      disabledReason={permission.reason ?? nothing}
      isPending={run.isPending}
      onClick={() => run.mutate({ projectId: project.id, datasetVersionId: versionId })}
    >
      <ListChecks aria-hidden />
      Run checks
    </Button>
  );
}
