"use client";
import { useInfiniteQuery, useSuspenseQuery } from "@tanstack/react-query";
import { GitCompareArrows, Search } from "lucide-react";
import { useQueryStates } from "nuqs";
import { useDeferredValue, useState, useTransition } from "react";
import { EXPERIMENT_RUN_STATUSES } from "@/domain/experiments/status";
import { DataTable } from "../data/data-table";
import { FilterBar, FilterChip } from "../data/filters";
import { countOf } from "../data/format";
import { statusLook } from "../data/status";
import { ColumnChooser, LoadMore, SelectionBar } from "../data/table-tools";
import { useProject } from "../providers/project";
import { type RouterOutputs, useTRPC } from "../providers/trpc";
import { PageFrame } from "../shell/page-frame";
import { routes, withQuery } from "../shell/routes";
import { Button, ButtonLink } from "../ui/button";
import { EmptyState } from "../ui/empty-state";
import { ErrorPanel } from "../ui/error-panel";
import { Input } from "../ui/field";
import { TableSkeleton } from "../ui/skeleton";
import { ConditionFilter } from "./condition-filter";
import { allColumns, type RunsFilters, runsFilters, runsQuery, shownColumns } from "./filters";
import { LogFromPython } from "./log-from-python";
import { runsColumns } from "./runs-columns";

const MOST_COMPARED = 10;

type Facets = RouterOutputs["experiments"]["facets"];

/** An experiment with its runs: filters, columns and order live in the address. */
export function RunsView({ experiment }: { experiment: string }) {
  const trpc = useTRPC();
  const project = useProject();
  const { data } = useSuspenseQuery(trpc.experiments.get.queryOptions({ projectId: project.id, experiment }));
  const { data: facets } = useSuspenseQuery(
    trpc.experiments.facets.queryOptions({ projectId: project.id, experimentId: data.id }),
  );
  const [isChanging, startTransition] = useTransition();
  const [filters, setFilters] = useQueryStates(runsFilters, { startTransition });
  const columns = shownColumns(facets, filters.columns);
  const every = allColumns(facets);
  const chooser = every.map((id) => ({
    id,
    header: id.slice(id.indexOf(".") + 1),
    group: id.startsWith("params.") ? "parameter" : "metric",
  }));
  return (
    <PageFrame
      crumbs={[
        { label: project.name, href: routes.project(project.slug) },
        { label: "Experiments", href: routes.experiments(project.slug) },
      ]}
      title={data.name}
      meta={`Experiment · ${countOf(data.runs, "run")}${data.description ? ` · ${data.description}` : ""}`}
      width="full"
      actions={
        <>
          {every.length > 0 && (
            <ColumnChooser
              columns={[{ id: "name", header: "Name" }, ...chooser]}
              hidden={every.filter((id) => !columns.includes(id))}
              onChange={(hidden) => void setFilters({ columns: every.filter((id) => !hidden.includes(id)) })}
            />
          )}
          <LogFromPython experiment={data.name} />
        </>
      }
    >
      {data.runs === 0 && data.deletedRuns === 0 ? (
        <EmptyState
          title="No runs yet"
          hint="A pipeline's step that names this experiment logs here, and so does a script that sets it."
        />
      ) : (
        <Runs
          experiment={data}
          facets={facets}
          filters={filters}
          isChanging={isChanging}
          onFilters={(next) => void setFilters(next as Parameters<typeof setFilters>[0])}
        />
      )}
    </PageFrame>
  );
}

type RunsProps = {
  experiment: RouterOutputs["experiments"]["get"];
  facets: Facets;
  filters: RunsFilters;
  isChanging: boolean;
  onFilters: (next: Partial<RunsFilters> | null) => void;
};

function Runs(props: RunsProps) {
  const { experiment, facets, filters, onFilters } = props;
  const trpc = useTRPC();
  const project = useProject();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const asked = useDeferredValue(filters);
  const list = useInfiniteQuery(
    trpc.experiments.runs.infiniteQueryOptions(
      runsQuery({ projectId: project.id, experimentId: experiment.id }, asked, facets),
      { getNextPageParam: (page) => page.nextCursor, initialCursor: null, placeholderData: (shown) => shown },
    ),
  );
  const order = [...selected];
  const rows = list.data?.pages.flatMap((page) => page.rows) ?? [];
  const total = list.data?.pages[0]?.total ?? 0;
  const clear = () => onFilters({ q: "", state: [], person: [], where: [], deleted: false });
  return (
    <>
      <Filters
        {...props}
        summary={list.data ? summaryOf({ shown: total, of: experiment.runs, filters }) : null}
        onClear={clear}
      />
      {list.error && !list.isFetching ? (
        <ErrorPanel error={list.error} onRetry={() => void list.refetch()} />
      ) : !list.data ? (
        <TableSkeleton rows={10} columns={7} />
      ) : rows.length === 0 ? (
        <EmptyState
          title="No runs match"
          hint="Another filter may have some."
          action={<Button onClick={clear}>Clear filters</Button>}
        />
      ) : (
        <DataTable
          label={`Runs of ${experiment.name}`}
          rows={rows}
          columns={runsColumns(shownColumns(facets, filters.columns), rows, order)}
          rowKey={(row) => row.id}
          rowName={(row) => row.name}
          rowHref={(row) => routes.experimentRun(project.slug, row.id)}
          sort={{ key: filters.sort, direction: filters.order }}
          onSort={(sort) => onFilters({ sort: sort.key, order: sort.direction })}
          selection={{ selected, onChange: setSelected }}
          isRefreshing={props.isChanging || list.isPlaceholderData || asked !== filters}
          footer={
            <LoadMore
              shown={rows.length}
              total={total}
              noun="run"
              hasMore={list.hasNextPage}
              isLoading={list.isFetchingNextPage}
              onLoad={() => void list.fetchNextPage()}
            />
          }
        />
      )}
      <SelectionBar count={order.length} noun="run" onClear={() => setSelected(new Set())}>
        <Compare ids={order} />
      </SelectionBar>
    </>
  );
}

function Compare({ ids }: { ids: readonly string[] }) {
  const project = useProject();
  const reason =
    ids.length < 2
      ? "Select at least two runs."
      : ids.length > MOST_COMPARED
        ? `At most ${MOST_COMPARED} runs can be compared.`
        : null;
  const face = (
    <>
      <GitCompareArrows aria-hidden />
      Compare
    </>
  );
  if (reason) return <Button disabledReason={reason}>{face}</Button>;
  return <ButtonLink href={withQuery(routes.compareRuns(project.slug), { runs: ids.join(",") })}>{face}</ButtonLink>;
}

function summaryOf({ shown, of, filters }: { shown: number; of: number; filters: RunsFilters }): string {
  const order = filters.sort === "started" ? (filters.order === "desc" ? "newest first" : "oldest first") : null;
  const count = filters.deleted
    ? `${shown.toLocaleString("en-GB")} deleted`
    : `${shown.toLocaleString("en-GB")} of ${of.toLocaleString("en-GB")}`;
  return order ? `${count} · ${order}` : count;
}

function Filters({
  experiment,
  facets,
  filters,
  onFilters,
  summary,
  onClear,
}: RunsProps & { summary: string | null; onClear: () => void }) {
  const isFiltered =
    filters.q !== "" || filters.state.length + filters.person.length + filters.where.length > 0 || filters.deleted;
  return (
    <FilterBar isFiltered={isFiltered} onClear={onClear} summary={summary}>
      <span className="relative">
        <Search
          aria-hidden
          className="pointer-events-none absolute top-1/2 left-2 size-3 -translate-y-1/2 text-faint"
        />
        <Input
          type="search"
          aria-label="Part of the name"
          placeholder="Name"
          value={filters.q}
          onChange={(event) => onFilters({ q: event.target.value })}
          className="h-6 w-36 pl-6.5 text-xs"
        />
      </span>
      <FilterChip
        label="State"
        options={EXPERIMENT_RUN_STATUSES.flatMap((state) => {
          const count = facets.states.find((one) => one.value === state)?.count;
          return count === undefined
            ? []
            : [{ value: state, label: statusLook({ kind: "experimentRun", state }).word, count }];
        })}
        selected={filters.state}
        onChange={(state) => onFilters({ state: EXPERIMENT_RUN_STATUSES.filter((each) => state?.includes(each)) })}
      />
      {facets.people.length > 0 && (
        <FilterChip
          label="Person"
          options={facets.people}
          selected={filters.person}
          onChange={(person) => onFilters({ person: person ?? [] })}
        />
      )}
      {experiment.deletedRuns > 0 && (
        <FilterChip
          label="Deleted"
          options={[{ value: "deleted", label: "only deleted runs", count: experiment.deletedRuns }]}
          selected={filters.deleted ? ["deleted"] : []}
          onChange={(chosen) => onFilters({ deleted: chosen !== null })}
        />
      )}
      <ConditionFilter keys={facets} where={filters.where} onChange={(where) => onFilters({ where })} />
    </FilterBar>
  );
}
