"use client";
import { useSuspenseQuery } from "@tanstack/react-query";
import Link from "next/link";
import { type Column, DataTable } from "../data/data-table";
import { StatusBadge } from "../data/status-badge";
import { useProject } from "../providers/project";
import { type RouterOutputs, useTRPC } from "../providers/trpc";
import { routes } from "../shell/routes";
import { Arrow } from "../ui/arrow";
import { Card, CardRow } from "../ui/card";
import { EmptyState } from "../ui/empty-state";
import { Duration, RelativeTime } from "../ui/time";

type Activity = RouterOutputs["notifications"]["activity"];
type RunRow = Activity["runs"][number];

function useActivity(): Activity {
  const trpc = useTRPC();
  const project = useProject();
  return useSuspenseQuery(trpc.notifications.activity.queryOptions({ projectId: project.id })).data;
}

const RUN_COLUMNS: readonly Column<RunRow>[] = [
  {
    id: "run",
    header: "Run",
    cell: (run) => (
      <>
        {run.pipeline} <span className="font-normal text-muted">#{run.number}</span>
      </>
    ),
  },
  { id: "state", header: "State", cell: (run) => <StatusBadge kind="run" state={run.state} />, onPhone: "status" },
  { id: "by", header: "Started by", cell: (run) => run.startedBy ?? run.trigger, onPhone: "meta" },
  { id: "at", header: "Started", cell: (run) => <RelativeTime at={run.createdAt} />, onPhone: "meta" },
  {
    id: "took",
    header: "Duration",
    align: "right",
    cell: (run) => <Duration from={run.startedAt} to={run.finishedAt} />,
  },
];

export function RecentRuns() {
  const { runs } = useActivity();
  const { slug } = useProject();
  return (
    <Card
      title="Recent runs"
      isFlush
      aside={
        runs.length > 0 && (
          <Link href={routes.pipelines(slug)} className="rounded-sm hover:text-text">
            All pipelines
          </Link>
        )
      }
    >
      {runs.length === 0 ? (
        <EmptyState
          title="No runs yet"
          hint="A run starts when a pipeline is pushed and somebody starts it, from its page or from the command line."
          className="py-9"
        />
      ) : (
        <DataTable
          label="Recent runs"
          columns={RUN_COLUMNS}
          rows={runs}
          rowKey={(run) => String(run.number)}
          rowHref={(run) => routes.pipelineRun(slug, run.number)}
          isBare
        />
      )}
    </Card>
  );
}

/** What serves in staging and production now. */
export function Stages() {
  const { stages } = useActivity();
  const { slug } = useProject();
  return (
    <Card title="In service" isFlush>
      {stages.map((stage) => (
        <CardRow key={stage.deploymentId ?? stage.environment} className="items-center">
          <div className="min-w-0 flex-1">
            <p className="text-xs text-muted">{stage.environment}</p>
            {stage.model && stage.version !== null ? (
              <p className="truncate text-sm">
                <Link
                  href={routes.modelVersion(slug, stage.model, stage.version)}
                  className="rounded-sm font-semibold hover:text-accent"
                >
                  {stage.model} v{stage.version}
                </Link>
                {stage.since && (
                  <span className="text-xs text-muted">
                    {" "}
                    since <RelativeTime at={stage.since} />
                  </span>
                )}
              </p>
            ) : (
              <p className="text-sm text-muted">No version yet</p>
            )}
          </div>
          {stage.model && <StatusBadge kind="traffic" state={stage.isStopped ? "stopped" : "serving"} />}
        </CardRow>
      ))}
    </Card>
  );
}

/** Promotions on their way. Absent while there is none. */
export function OpenPromotions() {
  const { promotions } = useActivity();
  const { slug } = useProject();
  if (promotions.length === 0) return null;
  return (
    <Card title="On the way" isFlush>
      {promotions.map((promotion) => (
        <CardRow key={promotion.number} className="flex-col gap-1">
          <Link
            href={routes.promotion(slug, promotion.number)}
            className="rounded-sm text-sm font-semibold hover:text-accent"
          >
            {promotion.model} v{promotion.version} <Arrow /> {promotion.environment}
          </Link>
          <StatusBadge kind="promotion" state={promotion.state} />
          <p className="text-xs text-muted">
            proposed by {promotion.proposedBy}, closes <RelativeTime at={promotion.deadlineAt} />
          </p>
        </CardRow>
      ))}
    </Card>
  );
}
