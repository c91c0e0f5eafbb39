"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { StatusBadge } from "../data/status-badge";
import { useProject } from "../providers/project";
import { useTRPC } from "../providers/trpc";
import { routes } from "../shell/routes";
import { Card, CardRow } from "../ui/card";
import { ErrorPanel } from "../ui/error-panel";
import { TextSkeleton } from "../ui/skeleton";

/** On an alert's page: the feedback item that it opened, and what the retraining policy decided. */
export function AlertOutcome({ alertId }: { alertId: string }) {
  const trpc = useTRPC();
  const project = useProject();
  const outcome = useQuery(trpc.feedback.outcomeOfAlert.queryOptions({ projectId: project.id, alertId }));
  if (outcome.error) return <ErrorPanel error={outcome.error} onRetry={() => void outcome.refetch()} />;
  return (
    <Card title="What became of it" isFlush={outcome.data !== undefined}>
      {outcome.data === undefined && <TextSkeleton lines={2} />}
      {outcome.data === null && (
        <CardRow className="text-sm text-muted">It is on its way to the data scientists of the project.</CardRow>
      )}
      {outcome.data && (
        <>
          <CardRow className="flex-wrap text-sm">
            <Link
              className="min-w-0 flex-1 text-accent hover:underline"
              href={routes.feedbackItem(project.slug, outcome.data.item)}
            >
              Feedback #{outcome.data.item}
            </Link>
            <StatusBadge kind="feedback" state={outcome.data.state} />
          </CardRow>
          {outcome.data.decision && (
            <CardRow className="flex-wrap text-sm">
              <span className="min-w-0 flex-1 basis-40">{outcome.data.reason}</span>
              <StatusBadge kind="retraining" state={outcome.data.decision} />
            </CardRow>
          )}
        </>
      )}
    </Card>
  );
}
