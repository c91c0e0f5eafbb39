"use client";
import { useSuspenseQuery } from "@tanstack/react-query";
import { type Column, DataTable } from "../data/data-table";
import { countOf } from "../data/format";
import { Sparkline } from "../data/sparkline";
import { StatusBadge } from "../data/status-badge";
import { type RouterOutputs, useTRPC } from "../providers/trpc";
import { routes } from "../shell/routes";
import { Card } from "../ui/card";
import { Num } from "../ui/num";
import { RelativeTime } from "../ui/time";

type FleetRow = RouterOutputs["notifications"]["fleet"][number];

const COLUMNS: readonly Column<FleetRow>[] = [
  { id: "model", header: "Model", cell: (row) => row.model },
  { id: "project", header: "Project", cell: (row) => row.project.name, onPhone: "meta" },
  { id: "version", header: "Version", cell: (row) => `v${row.version}` },
  { id: "since", header: "Since", cell: (row) => (row.since ? <RelativeTime at={row.since} /> : "–") },
  { id: "rows", header: "Answers, 24 h", align: "right", cell: (row) => <Num value={row.traffic?.rows ?? 0} /> },
  {
    id: "hourly",
    header: "By hour",
    onPhone: "none",
    cell: (row) =>
      row.traffic ? (
        <Sparkline
          values={row.traffic.perHour}
          label={`Answers of ${row.model} by hour over the last day`}
          colour="var(--series-1)"
        />
      ) : (
        <span className="text-faint">no traffic</span>
      ),
  },
  {
    id: "p95",
    header: "p95",
    align: "right",
    cell: (row) => <Num value={row.traffic?.p95Ms ?? null} digits={1} unit="ms" />,
  },
  {
    id: "state",
    header: "State",
    onPhone: "status",
    cell: (row) => <StatusBadge kind="traffic" state={row.isStopped ? "stopped" : "serving"} />,
  },
];

/** What is in production in all of the person's projects. Absent while nothing is. */
export function ProductionFleet() {
  const trpc = useTRPC();
  const { data } = useSuspenseQuery(trpc.notifications.fleet.queryOptions());
  if (data.length === 0) return null;
  return (
    <Card title="Production fleet" aside={countOf(data.length, "model")} isFlush>
      <DataTable
        label="Production fleet"
        columns={COLUMNS}
        rows={data}
        rowKey={(row) => row.id}
        rowHref={(row) => routes.deployments(row.project.slug)}
        isBare
      />
    </Card>
  );
}
