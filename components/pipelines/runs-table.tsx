"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useQueryStates } from "nuqs";
import { useTransition } from "react";
import { RUN_STATES } from "@/domain/pipelines/status";
import { type Column, DataTable } from "../data/data-table";
import { FilterBar, FilterChip } from "../data/filters";
import { countOf } from "../data/format";
import { statusLook } from "../data/status";
import { StatusBadge } from "../data/status-badge";
import { LoadMore } from "../data/table-tools";
import { useProject } from "../providers/project";
import { type RouterOutputs, useTRPC } from "../providers/trpc";
import { routes } from "../shell/routes";
import { Button } from "../ui/button";
import { EmptyState } from "../ui/empty-state";
import { TableSkeleton } from "../ui/skeleton";
import { Duration, RelativeTime } from "../ui/time";
import { runFilters, runsQuery } from "./filters";
import { startedByOf } from "./run-words";

type Row = RouterOutputs["pipelines"]["runs"]["runs"][number];

const columns: readonly Column<Row>[] = [
  { id: "number", header: "Run", cell: (row) => `#${row.number}` },
  { id: "state", header: "State", onPhone: "status", cell: (row) => <StatusBadge kind="run" state={row.state} /> },
  { id: "steps", header: "Steps", onPhone: "meta", cell: (row) => `${row.stepsDone} of ${row.steps} steps` },
  {
    id: "parameters",
    header: "Parameters",
    onPhone: "meta",
    className: "max-w-72",
    cell: (row) => <Parameters values={row.parameters} />,
  },
  { id: "by", header: "Started by", cell: startedByOf },
  { id: "at", header: "Started", cell: (row) => <RelativeTime at={row.createdAt} /> },
  { id: "took", header: "Took", align: "right", cell: (row) => <Duration from={row.startedAt} to={row.finishedAt} /> },
  { id: "version", header: "Version", align: "right", cell: (row) => `v${row.version}` },
];

function Parameters({ values }: { values: Row["parameters"] }) {
  const text = Object.entries(values)
    .map(([name, value]) => `${name} ${value}`)
    .join(" · ");
  return text === "" ? (
    <span className="text-muted">none</span>
  ) : (
    <span className="block truncate" title={text}>
      {text}
    </span>
  );
}

/** Runs of one pipeline, newest first; the filter lives in the address. */
export function RunsTable({ pipelineId }: { pipelineId: string }) {
  const trpc = useTRPC();
  const project = useProject();
  const [isChanging, startTransition] = useTransition();
  const [filters, setFilters] = useQueryStates(runFilters, { startTransition });
  const list = useInfiniteQuery(
    trpc.pipelines.runs.infiniteQueryOptions(runsQuery(project.id, { pipelineId, state: filters.state }), {
      getNextPageParam: (page) => (page.hasMore ? page.runs.at(-1)?.number : undefined),
      initialCursor: null,
      placeholderData: (shown) => shown,
    }),
  );
  if (list.error) throw list.error;
  if (!list.data) return <TableSkeleton rows={6} columns={6} />;
  const rows = list.data.pages.flatMap((page) => page.runs);
  const isFiltered = filters.state.length > 0;
  const clear = () => setFilters(null);
  if (rows.length === 0 && !isFiltered) {
    return (
      <EmptyState
        title="No runs yet"
        hint="Start run, above, makes the first. Each keeps its parameters, its logs and what it made."
      />
    );
  }
  return (
    <>
      <FilterBar isFiltered={isFiltered} onClear={clear} summary={countOf(rows.length, "run")}>
        <FilterChip
          label="State"
          options={RUN_STATES.map((state) => ({ value: state, label: statusLook({ kind: "run", state }).word }))}
          selected={filters.state}
          onChange={(state) => setFilters({ state: RUN_STATES.filter((each) => state?.includes(each)) })}
        />
      </FilterBar>
      {rows.length === 0 ? (
        <EmptyState
          title="No runs match"
          hint="Another filter may have some."
          action={<Button onClick={clear}>Clear filters</Button>}
        />
      ) : (
        <DataTable
          label="Runs"
          rows={rows}
          columns={columns}
          rowKey={(row) => row.id}
          rowHref={(row) => routes.pipelineRun(project.slug, row.number)}
          isRefreshing={isChanging || list.isPlaceholderData}
          footer={
            <LoadMore
              shown={rows.length}
              noun="run"
              hasMore={list.hasNextPage}
              isLoading={list.isFetchingNextPage}
              onLoad={() => void list.fetchNextPage()}
            />
          }
        />
      )}
    </>
  );
}
