"use client";
import { useSuspenseQuery } from "@tanstack/react-query";
import { type Column, DataTable } from "../data/data-table";
import { StatusBadge, StatusIcon } from "../data/status-badge";
import { useProject } from "../providers/project";
import { type RouterOutputs, useTRPC } from "../providers/trpc";
import { routes } from "../shell/routes";
import { Tag } from "../ui/badge";
import { CodeBlock } from "../ui/code-block";
import { EmptyState } from "../ui/empty-state";
import { Duration, RelativeTime } from "../ui/time";
import { codeOf } from "./run-words";

type Row = RouterOutputs["pipelines"]["list"][number];

const columns: readonly Column<Row>[] = [
  { id: "name", header: "Pipeline", cell: (row) => row.name },
  {
    id: "last",
    header: "Last run",
    onPhone: "status",
    cell: ({ recentRuns: [last] }) =>
      last ? <StatusBadge kind="run" state={last.state} /> : <span className="text-muted">never run</span>,
  },
  {
    id: "when",
    header: "Started",
    cell: ({ recentRuns: [last] }) => (last ? <RelativeTime at={last.createdAt} /> : "–"),
  },
  {
    id: "took",
    header: "Took",
    align: "right",
    cell: ({ recentRuns: [last] }) => <Duration from={last?.startedAt ?? null} to={last?.finishedAt ?? null} />,
  },
  { id: "recent", header: "Recent runs", onPhone: "none", cell: (row) => <RecentRuns row={row} /> },
  { id: "kind", header: "Kind", onPhone: "meta", cell: (row) => <Tag>{row.kind}</Tag> },
  { id: "version", header: "Version", align: "right", cell: (row) => `v${row.version}` },
  { id: "steps", header: "Steps", align: "right", cell: (row) => row.steps },
  {
    id: "code",
    header: "Code",
    onPhone: "none",
    cell: (row) => <span className="font-mono text-xs">{codeOf(row)}</span>,
  },
  { id: "pushed", header: "Pushed", cell: (row) => <RelativeTime at={row.pushedAt} /> },
];

/** How the last runs ended, the newest at the right. */
function RecentRuns({ row }: { row: Row }) {
  if (row.recentRuns.length === 0) return <span className="text-muted">–</span>;
  return (
    <span className="flex items-center gap-0.5">
      {[...row.recentRuns].reverse().map((run) => (
        <StatusIcon key={run.number} kind="run" state={run.state} />
      ))}
    </span>
  );
}

const PUSH = `npx countersign pipeline push my-folder`;

/** The project's pipelines with how each went last. */
export function PipelinesTable() {
  const trpc = useTRPC();
  const project = useProject();
  const { data, isFetching } = useSuspenseQuery(trpc.pipelines.list.queryOptions({ projectId: project.id }));
  if (data.length === 0) {
    return (
      <EmptyState
        title="No pipelines yet"
        hint="A pipeline is a folder with a pipeline.yaml and its scripts. A DevOps engineer or an ML engineer pushes it from the command line."
        action={<CodeBlock code={PUSH} label="command" />}
      />
    );
  }
  return (
    <DataTable
      label="Pipelines"
      rows={data}
      columns={columns}
      rowKey={(row) => row.id}
      rowHref={(row) => routes.pipeline(project.slug, row.name)}
      isRefreshing={isFetching}
    />
  );
}
