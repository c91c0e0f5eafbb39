"use client";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useQueryStates } from "nuqs";
import { type Column, DataTable } from "../data/data-table";
import { FilterBar, FilterChip } from "../data/filters";
import { countOf, formatBytes } from "../data/format";
import { StatusBadge } from "../data/status-badge";
import { useProject } from "../providers/project";
import { type RouterOutputs, useTRPC } from "../providers/trpc";
import { routes } from "../shell/routes";
import { Tag } from "../ui/badge";
import { Button } from "../ui/button";
import { EmptyState } from "../ui/empty-state";
import { Num } from "../ui/num";
import { RelativeTime } from "../ui/time";
import { datasetFilters } from "./filters";

type Row = RouterOutputs["data"]["list"][number];

const NONE = <Num value={null} />;

const columns: readonly Column<Row>[] = [
  { id: "name", header: "Dataset", cell: (row) => row.name },
  { id: "kind", header: "Use", onPhone: "meta", cell: (row) => <UseTag isHoldout={row.isHoldout} /> },
  {
    id: "checks",
    header: "Checks",
    onPhone: "status",
    cell: (row) => <CheckState hasPassed={row.newest?.hasPassed ?? null} />,
  },
  { id: "version", header: "Newest", align: "right", cell: (row) => (row.newest ? `v${row.newest.version}` : "–") },
  { id: "rows", header: "Rows", align: "right", cell: (row) => <Num value={row.newest?.rows} /> },
  {
    id: "columns",
    header: "Columns",
    align: "right",
    onPhone: "none",
    cell: (row) => <Num value={row.newest?.columns} />,
  },
  {
    id: "size",
    header: "File",
    align: "right",
    onPhone: "none",
    cell: (row) => (row.newest ? formatBytes(row.newest.bytes) : NONE),
  },
  {
    id: "updated",
    header: "Imported",
    onPhone: "meta",
    className: "text-muted",
    cell: (row) => (row.newest ? <RelativeTime at={row.newest.createdAt} /> : "no version yet"),
  },
];

export function UseTag({ isHoldout }: { isHoldout: boolean }) {
  return isHoldout ? <Tag>hold-out</Tag> : <span className="text-muted">training</span>;
}

/** The verdict of the newest report; a plain word where the checks never ran. */
export function CheckState({ hasPassed }: { hasPassed: boolean | null }) {
  if (hasPassed === null) return <span className="text-faint">not run</span>;
  return <StatusBadge kind="check" state={hasPassed ? "pass" : "fail"} />;
}

const checksOf = (row: Row) =>
  row.newest?.hasPassed === undefined || row.newest.hasPassed === null
    ? "none"
    : row.newest.hasPassed
      ? "pass"
      : "fail";
const kindOf = (row: Row) => (row.isHoldout ? "holdout" : "training");

/** The datasets of the project with the state of their newest version. */
export function DatasetsTable() {
  const trpc = useTRPC();
  const project = useProject();
  const [filters, setFilters] = useQueryStates(datasetFilters);
  const { data } = useSuspenseQuery(trpc.data.list.queryOptions({ projectId: project.id }));
  const isFiltered = filters.kind.length > 0 || filters.checks.length > 0;
  if (data.length === 0) {
    return (
      <EmptyState
        title="No datasets yet"
        hint="A data engineer or a DevOps engineer makes one and imports a CSV file into it. Each import is a version that never changes."
      />
    );
  }
  const rows = data.filter(
    (row) =>
      (filters.kind.length === 0 || filters.kind.includes(kindOf(row))) &&
      (filters.checks.length === 0 || filters.checks.includes(checksOf(row))),
  );
  const count = (of: (row: Row) => string, value: string) => data.filter((row) => of(row) === value).length;
  return (
    <>
      <FilterBar isFiltered={isFiltered} onClear={() => setFilters(null)} summary={countOf(rows.length, "dataset")}>
        <FilterChip
          label="Use"
          options={[
            { value: "training", label: "Training", count: count(kindOf, "training") },
            { value: "holdout", label: "Hold-out", count: count(kindOf, "holdout") },
          ]}
          selected={filters.kind}
          onChange={(kind) => setFilters({ kind: kind as typeof filters.kind | null })}
        />
        <FilterChip
          label="Checks"
          options={[
            { value: "pass", label: "Pass", count: count(checksOf, "pass") },
            { value: "fail", label: "Fail", count: count(checksOf, "fail") },
            { value: "none", label: "Not run", count: count(checksOf, "none") },
          ]}
          selected={filters.checks}
          onChange={(checks) => setFilters({ checks: checks as typeof filters.checks | null })}
        />
      </FilterBar>
      {rows.length === 0 ? (
        <EmptyState
          title="No datasets match"
          hint="Another filter may have some."
          action={<Button onClick={() => setFilters(null)}>Clear filters</Button>}
        />
      ) : (
        <DataTable
          label="Datasets"
          rows={rows}
          columns={columns}
          rowKey={(row) => row.id}
          rowHref={(row) => routes.dataset(project.slug, row.name)}
          density="comfortable"
        />
      )}
    </>
  );
}
