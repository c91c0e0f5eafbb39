"use client";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useQueryStates } from "nuqs";
import { type Column, DataTable } from "../data/data-table";
import { FilterBar, FilterChip } from "../data/filters";
import { countOf } from "../data/format";
import { StatusBadge } from "../data/status-badge";
import { useProject } from "../providers/project";
import { useTRPC } from "../providers/trpc";
import { routes } from "../shell/routes";
import { Button } from "../ui/button";
import { EmptyState } from "../ui/empty-state";
import { Num } from "../ui/num";
import { AbsoluteTime, RelativeTime } from "../ui/time";
import { viewFilters } from "./filters";
import { signedStateOf, signedWord, type ViewRow } from "./words";

const columns: readonly Column<ViewRow>[] = [
  { id: "name", header: "Feature view", cell: (row) => row.name },
  {
    id: "signed",
    header: "Newest",
    onPhone: "status",
    cell: (row) => row.newest && <SignedBadge state={row.newest.approvalState} />,
  },
  { id: "dataset", header: "Dataset", onPhone: "meta", className: "text-muted", cell: (row) => row.dataset },
  { id: "entity", header: "Entity", onPhone: "none", cell: (row) => row.newest?.entityColumns.join(", ") },
  { id: "columns", header: "Columns", align: "right", cell: (row) => <Num value={row.newest?.columns} /> },
  { id: "version", header: "Version", align: "right", cell: (row) => (row.newest ? `v${row.newest.version}` : "–") },
  {
    id: "production",
    header: "Newest signed",
    align: "right",
    onPhone: "none",
    cell: (row) => (row.signedVersion === null ? <Num value={null} /> : `v${row.signedVersion}`),
  },
  {
    id: "online",
    header: "Online up to",
    className: "text-muted",
    cell: (row) => (row.online?.watermark ? <AbsoluteTime at={row.online.watermark} /> : "not online"),
  },
  {
    id: "copied",
    header: "Copied",
    onPhone: "none",
    className: "text-muted",
    cell: (row) => (row.online?.finishedAt ? <RelativeTime at={row.online.finishedAt} /> : <Num value={null} />),
  },
];

export function SignedBadge({ state }: { state: NonNullable<ViewRow["newest"]>["approvalState"] }) {
  const word = signedWord(state);
  return <StatusBadge kind="approval" state={state} {...(word && { word })} />;
}

const LABELS = { signed: "Signed", waiting: "Waits for signatures", returned: "Returned" } as const;

/** The feature views of the project with the state of their newest version. */
export function ViewsTable() {
  const trpc = useTRPC();
  const project = useProject();
  const [filters, setFilters] = useQueryStates(viewFilters);
  const { data } = useSuspenseQuery(trpc.features.list.queryOptions({ projectId: project.id }));
  if (data.length === 0) {
    return (
      <EmptyState
        title="No feature views yet"
        hint="A view says what is known of an entity at a time: columns by expression over a dataset. A data scientist or a data engineer defines one, and two people sign it."
      />
    );
  }
  const stateOf = (row: ViewRow) => signedStateOf(row.newest?.approvalState);
  const isFiltered = filters.signed.length > 0;
  const rows = data.filter((row) => !isFiltered || filters.signed.includes(stateOf(row)));
  return (
    <>
      <FilterBar
        isFiltered={isFiltered}
        onClear={() => setFilters(null)}
        summary={countOf(rows.length, "feature view")}
      >
        <FilterChip
          label="Newest version"
          options={(["signed", "waiting", "returned"] as const).map((value) => ({
            value,
            label: LABELS[value],
            count: data.filter((row) => stateOf(row) === value).length,
          }))}
          selected={filters.signed}
          onChange={(signed) => setFilters({ signed: signed as typeof filters.signed | null })}
        />
      </FilterBar>
      {rows.length === 0 ? (
        <EmptyState
          title="No feature views match"
          hint="Another filter may have some."
          action={<Button onClick={() => setFilters(null)}>Clear filters</Button>}
        />
      ) : (
        <DataTable
          label="Feature views"
          rows={rows}
          columns={columns}
          rowKey={(row) => row.id}
          rowHref={(row) => routes.featureView(project.slug, row.name)}
          density="comfortable"
        />
      )}
    </>
  );
}
