"use client";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useQueryStates } from "nuqs";
import { ALERT_STATES } from "@/domain/monitoring/status";
import { type Column, DataTable } from "../data/data-table";
import { FilterBar, FilterChip } from "../data/filters";
import { countOf } from "../data/format";
import { statusLook } from "../data/status";
import { StatusBadge } from "../data/status-badge";
import { useProject } from "../providers/project";
import { useTRPC } from "../providers/trpc";
import { routes } from "../shell/routes";
import { Button } from "../ui/button";
import { EmptyState } from "../ui/empty-state";
import { RelativeTime } from "../ui/time";
import { monitorFilters } from "./filters";
import { type AlertRow, alertSentence } from "./words";

const columns: readonly Column<AlertRow>[] = [
  { id: "what", header: "Alert", cell: (row) => alertSentence(row) },
  { id: "state", header: "State", onPhone: "status", cell: (row) => <StatusBadge kind="alert" state={row.state} /> },
  {
    id: "model",
    header: "Model",
    onPhone: "meta",
    cell: (row) => `${row.model} v${row.version} in ${row.environment}`,
  },
  { id: "owner", header: "Owner", cell: (row) => row.owner },
  { id: "seen", header: "Acknowledged", cell: (row) => row.acknowledgedBy ?? "not yet" },
  { id: "at", header: "Opened", cell: (row) => <RelativeTime at={row.createdAt} /> },
  { id: "number", header: "Number", align: "right", onPhone: "none", cell: (row) => `#${row.number}` },
];

/** Where the page names the model already. */
const columnsOfOne = columns.filter(({ id }) => id !== "model");

/** Alerts in a table without a filter; bare on the page of one monitor. */
export function AlertRows({ rows, isBare = false }: { rows: readonly AlertRow[]; isBare?: boolean }) {
  const project = useProject();
  return (
    <DataTable
      label="Alerts"
      rows={rows}
      columns={isBare ? columnsOfOne : columns}
      rowKey={(row) => row.id}
      rowHref={(row) => routes.alert(project.slug, row.number)}
      isBare={isBare}
    />
  );
}

/** Alerts of the project, newest first; the filter lives in the address. */
export function AlertsTable() {
  const trpc = useTRPC();
  const project = useProject();
  const [filters, setFilters] = useQueryStates(monitorFilters);
  const { data } = useSuspenseQuery(trpc.monitoring.alerts.queryOptions({ projectId: project.id }));
  if (data.length === 0)
    return <EmptyState title="No alert yet" hint="One opens when a judged quarter crosses its signed limit." />;
  const isFiltered = filters.alert.length > 0;
  const rows = data.filter((row) => !isFiltered || filters.alert.includes(row.state));
  const clear = () => setFilters({ alert: null });
  return (
    <>
      <FilterBar isFiltered={isFiltered} onClear={clear} summary={countOf(rows.length, "alert")}>
        <FilterChip
          label="Alert"
          options={ALERT_STATES.map((state) => ({
            value: state,
            label: statusLook({ kind: "alert", state }).word,
            count: data.filter((row) => row.state === state).length,
          }))}
          selected={filters.alert}
          onChange={(chosen) => setFilters({ alert: ALERT_STATES.filter((state) => chosen?.includes(state)) })}
        />
      </FilterBar>
      {rows.length === 0 ? (
        <EmptyState
          title="No alerts match"
          hint="Another state may have some."
          action={<Button onClick={clear}>Clear filters</Button>}
        />
      ) : (
        <AlertRows rows={rows} />
      )}
    </>
  );
}
