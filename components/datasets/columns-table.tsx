"use client";
import { Histogram } from "../charts/histogram";
import { type Column, DataTable } from "../data/data-table";
import { formatCount, formatMetric, formatShare } from "../data/format";
import { Num } from "../ui/num";
import type { DatasetVersion } from "./dataset-view";

type Profile = DatasetVersion["profile"][number];

const columns: readonly Column<Profile>[] = [
  { id: "name", header: "Column", cell: (row) => row.name },
  { id: "type", header: "Type", onPhone: "meta", className: "text-muted", cell: (row) => row.type },
  {
    id: "missing",
    header: "Missing",
    align: "right",
    cell: (row) => (row.missing === 0 ? <span className="text-faint">0</span> : <Missing row={row} />),
  },
  { id: "distinct", header: "Distinct", align: "right", cell: (row) => <Num value={row.distinct} /> },
  { id: "least", header: "Least", align: "right", cell: (row) => <Edge row={row} value={row.min} /> },
  {
    id: "mean",
    header: "Mean",
    align: "right",
    cell: (row) => (row.mean === null ? <Num value={null} /> : formatMetric(row.mean)),
  },
  { id: "greatest", header: "Greatest", align: "right", cell: (row) => <Edge row={row} value={row.max} /> },
  { id: "values", header: "Values", cell: (row) => <Values row={row} />, className: "min-w-32" },
];

function Missing({ row }: { row: Profile }) {
  return (
    <span title={`${formatCount(row.missing)} of ${formatCount(row.rows)} rows`}>
      {formatCount(row.missing)} <span className="text-muted">{formatShare(row.missing / row.rows)}</span>
    </span>
  );
}

/** The least or greatest value: numbers short, days without their time. */
function Edge({ row, value }: { row: Profile; value: string | null }) {
  if (value === null) return <Num value={null} />;
  const isNumber = row.type === "integer" || row.type === "double";
  return <span className="whitespace-nowrap">{isNumber ? formatMetric(Number(value)) : value}</span>;
}

/** The distribution of numbers and dates; the most frequent values of text. */
function Values({ row }: { row: Profile }) {
  if (row.histogram) {
    return (
      <Histogram
        edges={row.histogram.edges}
        counts={row.histogram.counts}
        label={`${row.name}, ${formatCount(row.rows - row.missing)} values from ${row.min} to ${row.max}`}
      />
    );
  }
  const filled = Math.max(1, row.rows - row.missing);
  const top = (row.top ?? []).slice(0, 3);
  if (top.length === 0) return <Num value={null} />;
  return (
    <span className="block max-w-44 truncate text-xs text-muted">
      {top.map((each) => `${each.value} ${formatShare(each.rows / filled, 0)}`).join(" · ")}
    </span>
  );
}

/** Each column with its type, what is missing, its range and its distribution. */
export function ColumnsTable({ profile }: { profile: DatasetVersion["profile"] }) {
  return (
    <DataTable
      label="Columns"
      rows={profile}
      columns={columns}
      rowKey={(row) => row.name}
      density="comfortable"
      isBare
    />
  );
}
