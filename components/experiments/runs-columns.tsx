import { seriesColour } from "../charts/line-chart";
import type { Column } from "../data/data-table";
import { formatMetric } from "../data/format";
import { Sparkline } from "../data/sparkline";
import { StatusBadge } from "../data/status-badge";
import type { RouterOutputs } from "../providers/trpc";
import { Duration, RelativeTime } from "../ui/time";

export type RunRow = RouterOutputs["experiments"]["runs"]["rows"][number];

export const NO_VALUE = <span className="text-faint">–</span>;

/** The colour of a selected run, in the order of selection; the same in charts and in the comparison. */
export function RunColour({ index, className }: { index: number; className?: string }) {
  return (
    <span
      aria-hidden
      className={className ?? "mr-2 inline-block size-2 rounded-[2px]"}
      style={{ background: seriesColour(index) }}
    />
  );
}

export function metricText(value: number | string): string {
  return formatMetric(Number(value));
}

/** The run's own columns, the chosen parameters and metrics, then what came of it. Columns that would be empty are left out. */
export function runsColumns(
  columns: readonly string[],
  rows: readonly RunRow[],
  selected: readonly string[],
): readonly Column<RunRow>[] {
  const params = columns.filter((id) => id.startsWith("params."));
  const metrics = columns.filter((id) => id.startsWith("metrics."));
  return [
    ...ownColumns(selected).filter(
      (column) => column.id !== "pipeline" || rows.some((row) => row.pipelineNumber !== null),
    ),
    ...params.map((id, index) => paramColumn(id, rows, index)),
    ...metrics.map(metricColumn),
    ...outcomeColumns.filter((column) => column.id !== "version" || rows.some((row) => row.versions.length > 0)),
  ];
}

function ownColumns(selected: readonly string[]): readonly Column<RunRow>[] {
  return [
    {
      id: "name",
      header: "Name",
      group: "Run",
      sortKey: "name",
      className: "max-w-56",
      cell: (row) => (
        <>
          {selected.includes(row.id) && <RunColour index={selected.indexOf(row.id)} />}
          {row.name}
        </>
      ),
    },
    {
      id: "pipeline",
      header: "Run",
      group: "Run",
      onPhone: "none",
      className: "font-mono text-xs",
      cell: (row) => (row.pipelineNumber === null ? NO_VALUE : `#${row.pipelineNumber}`),
    },
    {
      id: "state",
      header: "State",
      group: "Run",
      sortKey: "state",
      onPhone: "status",
      cell: (row) => <StatusBadge kind="experimentRun" state={row.status} />,
    },
    {
      id: "started",
      header: "Started",
      group: "Run",
      sortKey: "started",
      onPhone: "meta",
      className: "whitespace-nowrap text-muted",
      cell: (row) => <RelativeTime at={new Date(row.startMs)} />,
    },
    {
      id: "person",
      header: "Person",
      group: "Run",
      sortKey: "person",
      className: "whitespace-nowrap",
      cell: (row) => row.person ?? NO_VALUE,
    },
  ];
}

const outcomeColumns: readonly Column<RunRow>[] = [
  {
    id: "version",
    header: "Registered as",
    group: "Outcome",
    onPhone: "none",
    className: "whitespace-nowrap",
    cell: (row) =>
      row.versions.length === 0
        ? NO_VALUE
        : row.versions.map((version) => `${version.model} v${version.version}`).join(", "),
  },
  {
    id: "duration",
    header: "Duration",
    group: "Outcome",
    sortKey: "duration",
    align: "right",
    cell: (row) => <Duration from={new Date(row.startMs)} to={row.endMs === null ? null : new Date(row.endMs)} />,
  },
];

/** A phone shows this many parameters and metrics of each run; the run's page has all. */
const ON_PHONE = 2;

function paramColumn(id: string, rows: readonly RunRow[], index: number): Column<RunRow> {
  const key = id.slice("params.".length);
  const values = rows.flatMap((row) => row.params[key] ?? []);
  const isNumeric = values.length > 0 && values.every((value) => value.trim() !== "" && Number.isFinite(Number(value)));
  return {
    id,
    header: key,
    group: "Parameters",
    sortKey: id,
    align: isNumeric ? "right" : "left",
    onPhone: index < ON_PHONE ? "value" : "none",
    className: "max-w-48 truncate",
    cell: (row) => row.params[key] ?? NO_VALUE,
  };
}

function metricColumn(id: string, index: number): Column<RunRow> {
  const key = id.slice("metrics.".length);
  return {
    id,
    header: key,
    group: "Metrics",
    sortKey: id,
    align: "right",
    onPhone: index < ON_PHONE ? "value" : "none",
    cell: (row) => <MetricCell row={row} name={key} />,
  };
}

function MetricCell({ row, name }: { row: RunRow; name: string }) {
  const value = row.metrics[name];
  const course = row.sparklines[name];
  if (value === undefined) return NO_VALUE;
  return (
    <span className="inline-flex items-center justify-end gap-2.5 align-middle">
      {course && course.length > 1 && (
        <span className="text-muted max-sm:hidden">
          <Sparkline values={course} label={`${name} over time, last ${metricText(value)}`} />
        </span>
      )}
      {metricText(value)}
    </span>
  );
}
