"use client";
import { useInfiniteQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useQueryStates } from "nuqs";
import { useTransition } from "react";
import { ROLE_NAMES } from "@/domain/identity/roles";
import { reviewName } from "@/domain/reviews/outcome";
import { REVIEW_STATES, type ReviewState } from "@/domain/reviews/status";
import { type Column, DataTable } from "../data/data-table";
import { FilterBar, FilterChip } from "../data/filters";
import { countOf } from "../data/format";
import { StatusBadge } from "../data/status-badge";
import { LoadMore } from "../data/table-tools";
import { useProject } from "../providers/project";
import { type RouterOutputs, useTRPC } from "../providers/trpc";
import { routes } from "../shell/routes";
import { Button } from "../ui/button";
import { EmptyState } from "../ui/empty-state";
import { TableSkeleton } from "../ui/skeleton";
import { RelativeTime } from "../ui/time";
import { reviewFilters, reviewsQuery } from "./filters";

type Row = RouterOutputs["reviews"]["list"]["reviews"][number];

const STATE_WORDS: Readonly<Record<ReviewState, string>> = { open: "Open", closed: "Closed", withdrawn: "Withdrawn" };

const columns: readonly Column<Row>[] = [
  { id: "title", header: "Review", cell: (row) => row.title },
  {
    id: "state",
    header: "State",
    onPhone: "status",
    cell: (row) => <StatusBadge kind="review" state={row.standing} />,
  },
  {
    id: "subject",
    header: "Subject",
    onPhone: "meta",
    cell: (row) => (row.baseVersion === null ? row.subject : `${row.subject} against v${row.baseVersion}`),
  },
  { id: "verdicts", header: "Verdicts", onPhone: "meta", cell: (row) => verdictsText(row) },
  {
    id: "threads",
    header: "Unresolved",
    align: "right",
    onPhone: "value",
    cell: (row) => (row.unresolvedThreads === 0 ? "–" : row.unresolvedThreads),
  },
  { id: "by", header: "Opened by", onPhone: "value", cell: (row) => row.openedBy },
  { id: "at", header: "Opened", onPhone: "value", cell: (row) => <RelativeTime at={row.createdAt} /> },
  { id: "number", header: "Number", align: "right", onPhone: "none", cell: (row) => reviewName(row.number) },
];

function verdictsText(row: Row): string {
  if (row.requiredRoles.length === 0) return "No role is required";
  const missing = row.missingRoles.map((role) => ROLE_NAMES[role]).join(", ");
  const count = `${row.approvedRoles.length} of ${row.requiredRoles.length}`;
  return missing === "" || row.state !== "open" ? count : `${count}, waits for ${missing}`;
}

/** Reviews of the project, newest first; the filter lives in the address. */
export function ReviewsTable() {
  const trpc = useTRPC();
  const project = useProject();
  const [isChanging, startTransition] = useTransition();
  const [filters, setFilters] = useQueryStates(reviewFilters, { startTransition });
  const { data: counts } = useSuspenseQuery(trpc.reviews.counts.queryOptions({ projectId: project.id }));
  const list = useInfiniteQuery(
    trpc.reviews.list.infiniteQueryOptions(reviewsQuery(project.id, filters), {
      getNextPageParam: (page) => (page.hasMore ? page.reviews.at(-1)?.id : undefined),
      initialCursor: null,
      placeholderData: (shown) => shown,
    }),
  );
  if (list.error) throw list.error;
  if (!list.data) return <TableSkeleton rows={6} columns={6} />;
  const rows = list.data.pages.flatMap((page) => page.reviews);
  const isFiltered = filters.state.length > 0;
  const clear = () => setFilters(null);
  if (rows.length === 0 && !isFiltered) {
    return (
      <EmptyState
        title="No reviews yet"
        hint="One opens on the page of an experiment run or of a model version. People then compare it with what serves in production, and give their verdict."
      />
    );
  }
  return (
    <>
      <FilterBar isFiltered={isFiltered} onClear={clear} summary={countOf(rows.length, "review")}>
        <FilterChip
          label="State"
          options={REVIEW_STATES.map((state) => ({
            value: state,
            label: STATE_WORDS[state],
            count: counts.find((one) => one.state === state)?.count ?? 0,
          }))}
          selected={filters.state}
          onChange={(state) => setFilters({ state: REVIEW_STATES.filter((each) => state?.includes(each)) })}
        />
      </FilterBar>
      {rows.length === 0 ? (
        <EmptyState
          title="No reviews match"
          hint="Another filter may have some."
          action={<Button onClick={clear}>Clear filters</Button>}
        />
      ) : (
        <DataTable
          label="Reviews"
          rows={rows}
          columns={columns}
          rowKey={(row) => row.id}
          rowHref={(row) => routes.review(project.slug, row.number)}
          isRefreshing={isChanging || list.isPlaceholderData}
          footer={
            list.hasNextPage && (
              <LoadMore
                shown={rows.length}
                noun="review"
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
