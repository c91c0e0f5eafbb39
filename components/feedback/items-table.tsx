"use client";
import { useInfiniteQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useQueryStates } from "nuqs";
import { useTransition } from "react";
import { ARROWS } from "@/domain/feedback/arrows";
import { ITEM_STATES } from "@/domain/feedback/status";
import { FEEDBACK_KINDS } from "@/domain/feedback/types";
import { roleNames } from "@/domain/identity/roles";
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
import { RelativeTime } from "../ui/time";
import { DueTime } from "./due-time";
import { feedbackFilters, feedbackQuery } from "./filters";

type Counts = RouterOutputs["feedback"]["counts"];
type Row = RouterOutputs["feedback"]["list"]["items"][number];
type Filters = Parameters<typeof feedbackQuery>[1];

const columns: readonly Column<Row>[] = [
  { id: "title", header: "Feedback", cell: (row) => row.title },
  { id: "state", header: "State", onPhone: "status", cell: (row) => <StatusBadge kind="feedback" state={row.state} /> },
  { id: "kind", header: "Kind", onPhone: "meta", cell: (row) => `${row.kind} ${ARROWS[row.kind].title.toLowerCase()}` },
  { id: "to", header: "For", onPhone: "meta", cell: (row) => roleNames(row.receivers, "or") },
  { id: "from", header: "From", onPhone: "value", cell: (row) => row.createdBy ?? ARROWS[row.kind].from },
  { id: "due", header: "Due", onPhone: "value", cell: (row) => <DueTime item={row} /> },
  { id: "at", header: "Opened", onPhone: "none", cell: (row) => <RelativeTime at={row.createdAt} /> },
  { id: "number", header: "Number", align: "right", onPhone: "none", cell: (row) => `#${row.number}` },
];

/** Feedback of the project, newest first; the filters live in the address. */
export function ItemsTable() {
  const trpc = useTRPC();
  const project = useProject();
  const [isChanging, startTransition] = useTransition();
  const [filters, setFilters] = useQueryStates(feedbackFilters, { startTransition });
  const { data: counts } = useSuspenseQuery(trpc.feedback.counts.queryOptions({ projectId: project.id }));
  const list = useInfiniteQuery(
    trpc.feedback.list.infiniteQueryOptions(feedbackQuery(project.id, filters), {
      getNextPageParam: (page) => (page.hasMore ? page.items.at(-1)?.number : undefined),
      initialCursor: null,
      placeholderData: (shown) => shown,
    }),
  );
  if (list.error) throw list.error;
  if (!list.data) return <TableSkeleton rows={6} columns={7} />;
  const rows = list.data.pages.flatMap((page) => page.items);
  const isFiltered = filters.state.length > 0 || filters.kind.length > 0 || filters.mine;
  const clear = () => setFilters(null);
  if (rows.length === 0 && !isFiltered) {
    return (
      <EmptyState
        title="No feedback yet"
        hint="An alert opens an item by itself, and anybody may ask for data or suggest a feature rule."
      />
    );
  }
  return (
    <>
      <FilterBar isFiltered={isFiltered} onClear={clear} summary={countOf(rows.length, "item")}>
        <Chips counts={counts} filters={filters} onChange={(part) => void setFilters(part)} />
      </FilterBar>
      {rows.length === 0 ? (
        <EmptyState
          title="No feedback matches"
          hint="Another filter may have some."
          action={<Button onClick={clear}>Clear filters</Button>}
        />
      ) : (
        <DataTable
          label="Feedback"
          rows={rows}
          columns={columns}
          rowKey={(row) => row.id}
          rowHref={(row) => routes.feedbackItem(project.slug, row.number)}
          isRefreshing={isChanging || list.isPlaceholderData}
          footer={
            list.hasNextPage && (
              <LoadMore
                shown={rows.length}
                noun="item"
                hasMore={list.hasNextPage}
                isLoading={list.isFetchingNextPage}
                onLoad={() => void list.fetchNextPage()}
              />
            )
          }
        />
      )}
    </>
  );
}

function Chips(props: {
  counts: Counts;
  filters: Filters;
  onChange: (part: { state?: Row["state"][]; kind?: Row["kind"][]; mine?: boolean }) => void;
}) {
  const { counts, filters, onChange } = props;
  return (
    <>
      <FilterChip
        label="State"
        options={ITEM_STATES.map((state) => ({
          value: state,
          label: statusLook({ kind: "feedback", state }).word,
          count: counts.states.find((one) => one.state === state)?.count ?? 0,
        }))}
        selected={filters.state}
        onChange={(state) => onChange({ state: ITEM_STATES.filter((each) => state?.includes(each)) })}
      />
      <FilterChip
        label="Kind"
        options={counts.kinds
          .filter(({ kind, count }) => count > 0 || filters.kind.includes(kind))
          .map(({ kind, count }) => ({ value: kind, label: `${kind} ${ARROWS[kind].title.toLowerCase()}`, count }))}
        selected={filters.kind}
        onChange={(kind) => onChange({ kind: FEEDBACK_KINDS.filter((each) => kind?.includes(each)) })}
      />
      <FilterChip
        label="Whose"
        options={[{ value: "mine", label: "mine" }]}
        selected={filters.mine ? ["mine"] : []}
        onChange={(chosen) => onChange({ mine: chosen?.includes("mine") ?? false })}
      />
    </>
  );
}
