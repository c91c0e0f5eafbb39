"use client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { LineChart } from "../charts/line-chart";
import { type Column, DataTable } from "../data/data-table";
import { formatMetric } from "../data/format";
import { useProject } from "../providers/project";
import { type RouterOutputs, useTRPC } from "../providers/trpc";
import { Button } from "../ui/button";
import { Card } from "../ui/card";
import { ErrorPanel } from "../ui/error-panel";
import { CardSkeleton } from "../ui/skeleton";
import { RelativeTime } from "../ui/time";
import { CHARTS_AT_ONCE, coursesQuery } from "./courses-query";
import type { Run } from "./run-view";

type Metric = Run["metrics"][number];
type Course = RouterOutputs["experiments"]["courses"][number];

const columns: readonly Column<Metric>[] = [
  { id: "key", header: "Metric", cell: (metric) => metric.key },
  {
    id: "value",
    header: "Latest",
    align: "right",
    onPhone: "status",
    cell: (metric) => formatMetric(Number(metric.value)),
  },
  { id: "step", header: "Step", align: "right", cell: (metric) => metric.step },
  {
    id: "at",
    header: "Logged",
    className: "text-muted",
    cell: (metric) => <RelativeTime at={new Date(metric.timestamp)} />,
  },
];

/** The latest value of each metric, and the course of those with more than one point. */
export function RunMetrics({ run }: { run: Run }) {
  if (run.metrics.length === 0) {
    return (
      <Card title="Metrics">
        <p className="text-sm text-muted">
          {run.status === "RUNNING" ? "None yet. They appear here as the script logs them." : "None were logged."}
        </p>
      </Card>
    );
  }
  return (
    <>
      <Courses runIds={[run.id]} names={{ [run.id]: run.name }} keys={run.metrics.map((metric) => metric.key)} />
      <Card title="Metrics" aside={run.metrics.length} isFlush>
        <DataTable label="Metrics" rows={run.metrics} columns={columns} rowKey={(metric) => metric.key} isBare />
      </Card>
    </>
  );
}

/** Small charts, one a metric, for one run or several; metrics with a single point have none. */
export function Courses(props: {
  runIds: readonly string[];
  names: Readonly<Record<string, string>>;
  keys: readonly string[];
}) {
  const trpc = useTRPC();
  const project = useProject();
  const [limit, setLimit] = useState(CHARTS_AT_ONCE);
  const keys = props.keys.slice(limit - CHARTS_AT_ONCE, limit);
  const courses = useQuery({
    ...trpc.experiments.courses.queryOptions(
      coursesQuery({ projectId: project.id, runIds: props.runIds, keys: props.keys }, limit),
    ),
    enabled: keys.length > 0,
    placeholderData: (shown) => shown,
  });
  if (courses.error) return <ErrorPanel error={courses.error} onRetry={() => void courses.refetch()} />;
  if (!courses.data) return <CardSkeleton lines={5} />;
  const drawn = keys.filter((key) => courses.data.some((course) => course.key === key && course.points.length > 1));
  const pages = Math.ceil(props.keys.length / CHARTS_AT_ONCE);
  if (drawn.length === 0 && pages <= 1) return null;
  return (
    <section aria-label="Courses of the metrics" className="flex flex-col gap-3">
      <div className="grid gap-4 sm:grid-cols-2 2xl:grid-cols-3">
        {drawn.map((key) => (
          <MetricChart
            key={key}
            name={key}
            courses={courses.data.filter((course) => course.key === key)}
            names={props.names}
            runIds={props.runIds}
          />
        ))}
      </div>
      {pages > 1 && (
        <div className="flex items-center gap-2 text-xs text-muted">
          <span className="figures">
            Charts of metrics {limit - CHARTS_AT_ONCE + 1} to {Math.min(limit, props.keys.length)} of{" "}
            {props.keys.length}
          </span>
          <Button
            size="sm"
            disabledReason={limit <= CHARTS_AT_ONCE ? "These are the first." : null}
            onClick={() => setLimit(limit - CHARTS_AT_ONCE)}
          >
            Back
          </Button>
          <Button
            size="sm"
            disabledReason={limit >= props.keys.length ? "These are the last." : null}
            onClick={() => setLimit(limit + CHARTS_AT_ONCE)}
          >
            Next
          </Button>
        </div>
      )}
    </section>
  );
}

function MetricChart(props: {
  name: string;
  courses: readonly Course[];
  names: Readonly<Record<string, string>>;
  runIds: readonly string[];
}) {
  const series = props.runIds.flatMap((runId) => {
    const course = props.courses.find((one) => one.runId === runId);
    if (!course) return [];
    const points = course.points.map((point) => ({ x: point.step, y: Number(point.value) }));
    const colour = `var(--series-${(props.runIds.indexOf(runId) % 8) + 1})`;
    return [{ name: props.names[runId] ?? "run", points, colour }];
  });
  return (
    <Card title={props.name}>
      <LineChart label={`${props.name} by step`} series={series} xLabel="step" height={170} />
    </Card>
  );
}
