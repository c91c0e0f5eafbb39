"use client";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useQueryStates } from "nuqs";
import { windowName } from "@/domain/monitoring/windows";
import { metricText, metricTitle } from "@/domain/promotions/metrics";
import { ENVIRONMENT_NAMES } from "@/domain/promotions/status";
import { type Column, DataTable } from "../data/data-table";
import { FilterBar, FilterChip } from "../data/filters";
import { countOf, formatShare } from "../data/format";
import { Sparkline } from "../data/sparkline";
import { StatusBadge } from "../data/status-badge";
import { useProject } from "../providers/project";
import { useTRPC } from "../providers/trpc";
import { routes } from "../shell/routes";
import { Button, ButtonLink } from "../ui/button";
import { EmptyState } from "../ui/empty-state";
import { RelativeTime } from "../ui/time";
import { monitorFilters } from "./filters";
import type { MonitorRow } from "./words";

const columns: readonly Column<MonitorRow>[] = [
  { id: "name", header: "Model", cell: (row) => `${row.model} in ${row.environment}` },
  {
    id: "state",
    header: "State",
    onPhone: "status",
    cell: (row) =>
      row.alert === null ? (
        <StatusBadge kind="monitor" state={row.state} />
      ) : (
        <StatusBadge kind="alert" state="firing" word={`Alert #${row.alert}`} />
      ),
  },
  {
    id: "last",
    header: "Last quarter",
    onPhone: "meta",
    cell: (row) => {
      const last = row.checks.at(-1);
      return last
        ? `${metricTitle(row.metric)} ${last.value === null ? "–" : metricText(last.value)} in ${windowName(last.windowStart)}`
        : `${metricTitle(row.metric)}, nothing judged yet`;
    },
  },
  {
    id: "course",
    header: "Course",
    onPhone: "none",
    cell: (row) => (
      <Sparkline
        values={row.checks.flatMap(({ value }) => (value === null ? [] : [value]))}
        threshold={row.limits?.qualityFloor ?? null}
        label={`${metricTitle(row.metric)} over ${row.checks.length} quarters`}
      />
    ),
  },
  {
    id: "floor",
    header: "Limit",
    align: "right",
    cell: (row) => row.limits?.qualityFloor ?? "unsigned",
  },
  {
    id: "coverage",
    header: "Coverage",
    align: "right",
    cell: (row) => formatShare(row.checks.at(-1)?.coverage ?? Number.NaN),
  },
  { id: "owner", header: "Owner", cell: (row) => row.owner },
  {
    id: "checked",
    header: "Last check",
    cell: (row) => (row.lastCheckedAt ? <RelativeTime at={row.lastCheckedAt} /> : "–"),
  },
];

/** What is watched in the project; the filter lives in the address. */
export function MonitorsTable() {
  const trpc = useTRPC();
  const project = useProject();
  const [filters, setFilters] = useQueryStates(monitorFilters);
  const { data } = useSuspenseQuery(trpc.monitoring.list.queryOptions({ projectId: project.id }));
  if (data.length === 0) {
    return (
      <EmptyState
        title="Nothing is watched yet"
        hint="A monitor compares the answers of a model with the truth that comes later, and what comes in with what it was trained on."
        action={<ButtonLink href={routes.newMonitor(project.slug)}>Set a monitor</ButtonLink>}
      />
    );
  }
  const isFiltered = filters.environment.length > 0;
  const rows = data.filter((row) => !isFiltered || filters.environment.includes(row.environment));
  const clear = () => setFilters({ environment: null });
  return (
    <>
      <FilterBar isFiltered={isFiltered} onClear={clear} summary={countOf(rows.length, "monitor")}>
        <FilterChip
          label="Environment"
          options={ENVIRONMENT_NAMES.map((name) => ({
            value: name,
            label: name,
            count: data.filter((row) => row.environment === name).length,
          }))}
          selected={filters.environment}
          onChange={(chosen) => setFilters({ environment: ENVIRONMENT_NAMES.filter((name) => chosen?.includes(name)) })}
        />
      </FilterBar>
      {rows.length === 0 ? (
        <EmptyState
          title="No monitors match"
          hint="Another environment may have some."
          action={<Button onClick={clear}>Clear filters</Button>}
        />
      ) : (
        <DataTable
          label="Monitors"
          rows={rows}
          columns={columns}
          rowKey={(row) => row.id}
          rowHref={(row) => routes.monitor(project.slug, row.number)}
        />
      )}
    </>
  );
}
