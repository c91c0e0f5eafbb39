"use client";
import { useInfiniteQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useQueryStates } from "nuqs";
import { useTransition } from "react";
import { ROLE_NAMES } from "@/domain/identity/roles";
import { verdictSummary } from "@/domain/promotions/gate";
import { ENVIRONMENT_NAMES, PROMOTION_STATES } from "@/domain/promotions/status";
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
import { promotionFilters, promotionsQuery } from "./filters";

type Row = RouterOutputs["promotions"]["list"]["promotions"][number];

const columns: readonly Column<Row>[] = [
  { id: "name", header: "Promotion", cell: (row) => `${row.model} v${row.version} → ${row.environment}` },
  {
    id: "state",
    header: "State",
    onPhone: "status",
    cell: (row) => <StatusBadge kind="promotion" state={row.state} />,
  },
  {
    id: "verdicts",
    header: "Verdicts",
    onPhone: "meta",
    cell: (row) => (row.verdicts ? verdictSummary(row.verdicts) : "–"),
  },
  {
    id: "signatures",
    header: "Signatures",
    onPhone: "meta",
    cell: (row) =>
      `${row.signedRoles.length} of ${row.requiredRoles.length}: ${row.requiredRoles.map((role) => ROLE_NAMES[role]).join(", ")}`,
  },
  { id: "by", header: "Proposed by", onPhone: "value", cell: (row) => row.proposedBy },
  { id: "at", header: "Proposed", onPhone: "value", cell: (row) => <RelativeTime at={row.createdAt} /> },
  { id: "number", header: "Number", align: "right", onPhone: "none", cell: (row) => `#${row.number}` },
];

/** Promotions of the project, newest first; the filters live in the address. */
export function PromotionsTable() {
  const trpc = useTRPC();
  const project = useProject();
  const [isChanging, startTransition] = useTransition();
  const [filters, setFilters] = useQueryStates(promotionFilters, { startTransition });
  const { data: counts } = useSuspenseQuery(trpc.promotions.counts.queryOptions({ projectId: project.id }));
  const list = useInfiniteQuery(
    trpc.promotions.list.infiniteQueryOptions(promotionsQuery(project.id, filters), {
      getNextPageParam: (page) => (page.hasMore ? page.promotions.at(-1)?.id : undefined),
      initialCursor: null,
      placeholderData: (shown) => shown,
    }),
  );
  if (list.error) throw list.error;
  if (!list.data) return <TableSkeleton rows={6} columns={6} />;
  const rows = list.data.pages.flatMap((page) => page.promotions);
  const isFiltered = filters.state.length > 0 || filters.environment !== null;
  const clear = () => setFilters(null);
  if (rows.length === 0 && !isFiltered) {
    return (
      <EmptyState
        title="No promotions yet"
        hint="One opens when somebody proposes a model version for an environment."
      />
    );
  }
  return (
    <>
      <FilterBar isFiltered={isFiltered} onClear={clear} summary={countOf(rows.length, "promotion")}>
        <FilterChip
          label="State"
          options={PROMOTION_STATES.map((state) => ({
            value: state,
            label: statusLook({ kind: "promotion", state }).word,
            count: counts.find((one) => one.state === state)?.count ?? 0,
          }))}
          selected={filters.state}
          onChange={(state) => setFilters({ state: PROMOTION_STATES.filter((each) => state?.includes(each)) })}
        />
        <FilterChip
          label="Environment"
          options={ENVIRONMENT_NAMES.map((name) => ({ value: name, label: name }))}
          selected={filters.environment ? [filters.environment] : []}
          onChange={(chosen) =>
            setFilters({ environment: ENVIRONMENT_NAMES.find((name) => name === chosen?.at(-1)) ?? null })
          }
        />
      </FilterBar>
      {rows.length === 0 ? (
        <EmptyState
          title="No promotions match"
          hint="Another filter may have some."
          action={<Button onClick={clear}>Clear filters</Button>}
        />
      ) : (
        <DataTable
          label="Promotions"
          rows={rows}
          columns={columns}
          rowKey={(row) => row.id}
          rowHref={(row) => routes.promotion(project.slug, row.number)}
          isRefreshing={isChanging || list.isPlaceholderData}
          footer={
            <LoadMore
              shown={rows.length}
              noun="promotion"
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
