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

/** The run's own columns, then the chosen parameters and metrics. */
export function runsColumns(columns: readonly string[], selected: readonly string[]): readonly Column<RunRow>[] {
  return [...ownColumns(selected), ...columns.map(valueColumn)];
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
      id: "state",
      header: "State",
      group: "Run",
      sortKey: "state",
      onPhone: "status",
      cell: (row) => <StatusBadge kind="experimentRun" state={row.status} />,
    },
    {
      id: "pipeline",
      header: "Pipeline run",
      group: "Run",
      onPhone: "none",
      className: "font-mono text-xs",
      cell: (row) => (row.pipelineNumber === null ? NO_VALUE : `#${row.pipelineNumber}`),
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
    {
      id: "version",
      header: "Registered as",
      group: "Run",
      className: "whitespace-nowrap",
      cell: (row) =>
        row.versions.length === 0
          ? NO_VALUE
          : row.versions.map((version) => `${version.model} v${version.version}`).join(", "),
    },
    {
      id: "duration",
      header: "Duration",
      group: "Run",
      sortKey: "duration",
      align: "right",
      cell: (row) => <Duration from={new Date(row.startMs)} to={row.endMs === null ? null : new Date(row.endMs)} />,
    },
  ];
}

function valueColumn(id: string): Column<RunRow> {
  const isMetric = id.startsWith("metrics.");
  const key = id.slice(id.indexOf(".") + 1);
  if (!isMetric) {
    return {
      id,
      header: key,
      group: "Parameters",
      sortKey: id,
      className: "max-w-48 truncate",
      cell: (row) => row.params[key] ?? NO_VALUE,
    };
  }
  return {
    id,
    header: key,
    group: "Metrics",
    sortKey: id,
    align: "right",
    cell: (row) => <MetricCell row={row} name={key} />,
  };
}

function MetricCell({ row, name }: { row: RunRow; name: string }) {
  const value = row.metrics[name];
  const course = row.sparklines[name];
  if (value === undefined) return NO_VALUE;
  return (
    <span className="inline-flex items-center justify-end gap-2.5">
      {course && course.length > 1 && (
        <span className="text-muted max-sm:hidden">
          <Sparkline values={course} label={`${name} over time, last ${metricText(value)}`} />
        </span>
      )}
      {metricText(value)}
    </span>
  );
}
