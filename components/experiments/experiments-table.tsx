"use client";
import { useSuspenseQuery } from "@tanstack/react-query";
import { Loader } from "lucide-react";
import { type Column, DataTable } from "../data/data-table";
import { useProject } from "../providers/project";
import { type RouterOutputs, useTRPC } from "../providers/trpc";
import { routes } from "../shell/routes";
import { Badge } from "../ui/badge";
import { EmptyState } from "../ui/empty-state";
import { Num } from "../ui/num";
import { RelativeTime } from "../ui/time";
import { LogFromPython } from "./log-from-python";

type Row = RouterOutputs["experiments"]["list"][number];

const columns: readonly Column<Row>[] = [
  { id: "name", header: "Experiment", cell: (row) => row.name },
  {
    id: "state",
    header: "State",
    onPhone: "status",
    cell: (row) =>
      row.running > 0 ? (
        <Badge tone="run" icon={Loader} isBreathing>
          {row.running} running
        </Badge>
      ) : (
        <span className="text-faint">–</span>
      ),
  },
  { id: "runs", header: "Runs", align: "right", cell: (row) => <Num value={row.runs} digits={0} /> },
  {
    id: "last",
    header: "Last run",
    onPhone: "meta",
    cell: (row) => (row.lastStartedMs === null ? "–" : <RelativeTime at={new Date(row.lastStartedMs)} />),
  },
  {
    id: "about",
    header: "About",
    onPhone: "none",
    className: "w-1/2 text-muted",
    cell: (row) => row.description ?? "",
  },
];

/** Experiments of the project, the one with the newest run first. */
export function ExperimentsTable() {
  const trpc = useTRPC();
  const project = useProject();
  const { data } = useSuspenseQuery(trpc.experiments.list.queryOptions({ projectId: project.id }));
  if (data.length === 0) {
    return (
      <EmptyState
        title="No experiments yet"
        hint="A pipeline's step that logs makes one, or a script that logs with the MLflow client."
        action={<LogFromPython experiment="my-experiment" />}
      />
    );
  }
  return (
    <DataTable
      label="Experiments"
      rows={data}
      columns={data.some((row) => row.description) ? columns : columns.filter((column) => column.id !== "about")}
      rowKey={(row) => row.id}
      rowHref={(row) => routes.experiment(project.slug, row.name)}
      density="comfortable"
    />
  );
}
