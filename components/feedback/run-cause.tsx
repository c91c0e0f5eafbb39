"use client";
import { useQuery } from "@tanstack/react-query";
import { Radar } from "lucide-react";
import Link from "next/link";
import { useProject } from "../providers/project";
import { useTRPC } from "../providers/trpc";
import { routes } from "../shell/routes";

/** On a run's page: that a finding led to it, by whose decision, with the alert and the item. Nothing for other runs. */
export function RunCause({ runId }: { runId: string }) {
  const trpc = useTRPC();
  const project = useProject();
  const { data: cause } = useQuery(trpc.feedback.causeOfRun.queryOptions({ projectId: project.id, runId }));
  if (!cause) return null;
  return (
    <p className="flex items-start gap-2 rounded-lg border border-line bg-surface-raised px-3.5 py-2.5 text-sm">
      <Radar aria-hidden className="mt-0.5 size-4 shrink-0 text-muted" />
      <span className="min-w-0">
        Retrains the model after{" "}
        <Link className="text-accent underline underline-offset-2" href={routes.alert(project.slug, cause.alert)}>
          alert #{cause.alert}
        </Link>
        , reported as{" "}
        <Link className="text-accent underline underline-offset-2" href={routes.feedbackItem(project.slug, cause.item)}>
          feedback #{cause.item}
        </Link>
        . <span className="text-muted">{cause.reason}</span>
      </span>
    </p>
  );
}
