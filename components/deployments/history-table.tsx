"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import { type Column, DataTable } from "../data/data-table";
import { StatusBadge } from "../data/status-badge";
import { LoadMore } from "../data/table-tools";
import { LineageLink } from "../lineage/lineage-link";
import { useProject } from "../providers/project";
import { type RouterOutputs, useTRPC } from "../providers/trpc";
import { TextSkeleton } from "../ui/skeleton";
import { Duration, RelativeTime } from "../ui/time";
import type { Place } from "./deployments-view";
import { Origin } from "./origin";
import { RollBackButton } from "./roll-back-button";

type Line = RouterOutputs["deployments"]["history"]["deployments"][number];

function columnsOf(place: Place): readonly Column<Line>[] {
  return [
    { id: "version", header: "Version", cell: (line) => `v${line.version}` },
    {
      id: "state",
      header: "State",
      onPhone: "status",
      cell: (line) => <StatusBadge kind="deployment" state={line.state} />,
    },
    { id: "by", header: "Came by", onPhone: "meta", isInteractive: true, cell: (line) => <Origin line={line} /> },
    { id: "at", header: "Begun", onPhone: "meta", cell: (line) => <RelativeTime at={line.createdAt} /> },
    {
      id: "served",
      header: "Served for",
      align: "right",
      cell: (line) => <Duration from={line.activatedAt} to={line.endedAt} />,
    },
    { id: "reason", header: "Reason", cell: (line) => <span className="text-muted">{line.reason ?? ""}</span> },
    { id: "number", header: "Number", align: "right", onPhone: "none", cell: (line) => `#${line.number}` },
    {
      id: "lineage",
      header: "Lineage",
      onPhone: "meta",
      isInteractive: true,
      cell: (line) => <LineageLink size="sm" kind="deployment" reference={line.id} />,
    },
    {
      id: "act",
      header: "Roll back",
      onPhone: "meta",
      isInteractive: true,
      cell: (line) => <Act place={place} line={line} />,
    },
  ];
}

/** A deployment that never served offers no way back to it. */
function Act({ place, line }: { place: Place; line: Line }) {
  if (line.activatedAt === null || line.state === "active") return null;
  return <RollBackButton place={place} line={line} />;
}

/** Everything that was ever deployed here, newest first. */
export function HistoryTable({ place }: { place: Place }) {
  const trpc = useTRPC();
  const project = useProject();
  const history = useInfiniteQuery(
    trpc.deployments.history.infiniteQueryOptions(
      { projectId: project.id, environment: place.environment, modelId: place.modelId },
      { getNextPageParam: (page) => (page.hasMore ? page.deployments.at(-1)?.id : undefined), initialCursor: null },
    ),
  );
  if (history.error) throw history.error;
  if (!history.data) return <TextSkeleton lines={3} className="p-3.5" />;
  const lines = history.data.pages.flatMap((page) => page.deployments);
  return (
    <DataTable
      isBare
      label={`Deployments of ${place.model} in ${place.environment}`}
      rows={lines}
      columns={columnsOf(place)}
      rowKey={(line) => line.id}
      footer={
        history.hasNextPage && (
          <LoadMore
            shown={lines.length}
            noun="deployment"
            hasMore
            isLoading={history.isFetchingNextPage}
            onLoad={() => void history.fetchNextPage()}
          />
        )
      }
    />
  );
}
