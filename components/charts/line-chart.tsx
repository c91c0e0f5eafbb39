"use client";
import { ChartLine, Table2 } from "lucide-react";
import { type KeyboardEvent, type PointerEvent, useId, useMemo, useState } from "react";
import { formatCount, formatMetric } from "../data/format";
import { Button } from "../ui/button";
import { cn } from "../ui/cn";
import { type Domain, domainOf, thinOut, ticksOf } from "./scale";
import { TableTwin } from "./table-twin";

export type ChartPoint = { readonly x: number; readonly y: number; readonly low?: number; readonly high?: number };
export type ChartSeries = { readonly name: string; readonly points: readonly ChartPoint[]; readonly colour?: string };
type Threshold = { readonly value: number; readonly label: string };

export type LineChartProps = {
  /** Names the chart for screen readers: "accuracy by fold". */
  readonly label: string;
  readonly series: readonly ChartSeries[];
  readonly xLabel?: string;
  readonly thresholds?: readonly Threshold[];
  readonly height?: number;
  readonly formatX?: (x: number) => string;
  readonly formatY?: (y: number) => string;
};

/** Colours of series one to eight, in order. */
export function seriesColour(index: number): string {
  return `var(--series-${(index % 8) + 1})`;
}

const MOST_POINTS = 600;

/** Lines on one scale, with bands and thresholds; values by pointer and arrow keys; a table twin. */
export function LineChart(props: LineChartProps) {
  const [isTable, setIsTable] = useState(false);
  const isEmpty = props.series.every((line) => line.points.length === 0);
  if (isEmpty) return <p className="py-8 text-center text-sm text-muted">No values yet.</p>;
  return (
    <figure aria-label={props.label} className="min-w-0">
      <div className="mb-1 flex min-h-6 items-start gap-3">
        <Legend series={props.series} />
        <Button
          tone="ghost"
          size="icon-sm"
          label={isTable ? "Show the chart" : "Show as a table"}
          onClick={() => setIsTable(!isTable)}
        >
          {isTable ? <ChartLine aria-hidden /> : <Table2 aria-hidden />}
        </Button>
      </div>
      {isTable ? <TableTwin {...props} /> : <Plot {...props} />}
    </figure>
  );
}

function Legend({ series }: { series: readonly ChartSeries[] }) {
  return (
    <ul className="flex min-w-0 flex-1 flex-wrap gap-x-4 gap-y-0.5 text-xs text-muted">
      {series.map((line, index) => (
        <li key={line.name} className="flex min-w-0 items-center gap-1.5">
          <span
            aria-hidden
            className="h-0.5 w-3 shrink-0 rounded-full"
            style={{ background: line.colour ?? seriesColour(index) }}
          />
          <span className="truncate">{line.name}</span>
        </li>
      ))}
    </ul>
  );
}

type Frame = {
  readonly x: Domain;
  readonly y: Domain;
  readonly toX: (x: number) => number;
  readonly toY: (y: number) => number;
};

function frameOf({ series, thresholds = [] }: LineChartProps): Frame {
  const points = series.flatMap((line) => line.points);
  const xs = points.map((point) => point.x);
  const ys = points.flatMap((point) => [
    point.y,
    ...(point.low === undefined ? [] : [point.low]),
    ...(point.high === undefined ? [] : [point.high]),
  ]);
  const x = domainOf(xs, new Set(xs).size > 1 ? 1e-9 : 0.08);
  const y = domainOf([...ys, ...thresholds.map((threshold) => threshold.value)]);
  return {
    x,
    y,
    toX: (value) => ((value - x[0]) / (x[1] - x[0])) * 100,
    toY: (value) => 100 - ((value - y[0]) / (y[1] - y[0])) * 100,
  };
}

function Plot(props: LineChartProps) {
  const { height = 180, formatX = formatCount, formatY = formatCount } = props;
  const frame = useMemo(() => frameOf(props), [props]);
  const xs = useMemo(
    () => [...new Set(props.series.flatMap((line) => line.points.map((point) => point.x)))].sort((a, b) => a - b),
    [props.series],
  );
  const [at, setAt] = useState<number | null>(null);
  const readingId = useId();
  const xTicks = ticksOf(frame.x, 6);
  return (
    <div className="relative pb-5 pl-11 text-2xs text-muted" style={{ height }}>
      {ticksOf(frame.y, 5).map((tick) => (
        <span
          key={tick}
          className="figures absolute left-0 w-9 -translate-y-1/2 text-right"
          style={{ top: `calc((100% - 1.25rem) * ${frame.toY(tick) / 100})` }}
        >
          {formatY(tick)}
        </span>
      ))}
      <div
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys read the values
        tabIndex={0}
        role="application"
        aria-label={`${props.label}. Arrow keys read the values.`}
        aria-describedby={readingId}
        className="relative h-full"
        onPointerMove={(event) => setAt(nearest(xs, xUnder(event, frame.x)))}
        onPointerLeave={() => setAt(null)}
        onBlur={() => setAt(null)}
        onKeyDown={(event) => setAt((current) => stepped(event, xs, current))}
      >
        <Lines {...props} frame={frame} at={at} />
        {props.thresholds?.map((threshold) => (
          <span
            key={threshold.label}
            className="absolute right-0 -translate-y-full bg-surface-raised/80 px-1"
            style={{ top: `${frame.toY(threshold.value)}%` }}
          >
            {threshold.label}
          </span>
        ))}
        {at !== null && <Reading {...props} at={at} left={frame.toX(at)} />}
      </div>
      <span id={readingId} aria-live="polite" className="sr-only">
        {at === null ? "" : readingOf(props, at)}
      </span>
      <div aria-hidden className="absolute right-0 bottom-0 left-11 h-4">
        {xTicks.map((tick) => (
          <span
            key={tick}
            className={cn(
              "figures absolute whitespace-nowrap",
              frame.toX(tick) < 4 ? "" : frame.toX(tick) > 96 ? "-translate-x-full" : "-translate-x-1/2",
            )}
            style={{ left: `${frame.toX(tick)}%` }}
          >
            {formatX(tick)}
          </span>
        ))}
      </div>
    </div>
  );
}

function Lines({ series, thresholds = [], frame, at }: LineChartProps & { frame: Frame; at: number | null }) {
  const { toX, toY } = frame;
  const still = { vectorEffect: "non-scaling-stroke" as const };
  return (
    <svg
      viewBox="0 0 100 100"
      preserveAspectRatio="none"
      aria-hidden
      className="absolute inset-0 size-full overflow-visible"
    >
      {ticksOf(frame.y, 5).map((tick) => (
        <line key={tick} x1="0" x2="100" y1={toY(tick)} y2={toY(tick)} stroke="var(--line)" style={still} />
      ))}
      {thresholds.map((threshold) => (
        <line
          key={threshold.label}
          x1="0"
          x2="100"
          y1={toY(threshold.value)}
          y2={toY(threshold.value)}
          stroke="var(--text-muted)"
          strokeDasharray="4 3"
          style={still}
        />
      ))}
      {at !== null && <line x1={toX(at)} x2={toX(at)} y1="0" y2="100" stroke="var(--line-strong)" style={still} />}
      {series.map((line, index) => {
        const colour = line.colour ?? seriesColour(index);
        const points = thinOut(
          line.points.filter((point) => Number.isFinite(point.y)),
          MOST_POINTS,
        );
        const path = points.map((point) => `${toX(point.x).toFixed(3)},${toY(point.y).toFixed(3)}`).join(" ");
        return (
          <g key={line.name}>
            {points.some((point) => point.low !== undefined) && (
              <polygon points={bandOf(points, frame)} fill={colour} opacity="0.16" />
            )}
            <polyline
              points={points.length === 1 ? `${path} ${path}` : path}
              fill="none"
              stroke={colour}
              strokeWidth={points.length === 1 ? 6 : 1.75}
              strokeLinejoin="round"
              strokeLinecap="round"
              style={still}
            />
          </g>
        );
      })}
    </svg>
  );
}

function bandOf(points: readonly ChartPoint[], { toX, toY }: Frame): string {
  const upper = points.map((point) => `${toX(point.x)},${toY(point.high ?? point.y)}`);
  const lower = points.map((point) => `${toX(point.x)},${toY(point.low ?? point.y)}`).reverse();
  return [...upper, ...lower].join(" ");
}

function Reading({
  series,
  xLabel = "step",
  formatX = formatCount,
  formatY = formatMetric,
  at,
  left,
}: LineChartProps & { at: number; left: number }) {
  return (
    <div
      aria-hidden
      className={cn(
        "layer-sticky pointer-events-none absolute top-1 max-w-60 rounded-md border border-line-strong bg-surface-raised px-2.5 py-1.5 text-xs text-text shadow-overlay",
        left > 55 && "-translate-x-full",
      )}
      style={{ left: `calc(${left}% + ${left > 55 ? "-8px" : "8px"})` }}
    >
      <p className="text-muted">
        {xLabel} <span className="figures">{formatX(at)}</span>
      </p>
      {series.map((line, index) => {
        const point = line.points.find((each) => each.x === at);
        return point ? (
          <p key={line.name} className="flex items-center gap-1.5">
            <span
              className="h-0.5 w-3 shrink-0 rounded-full"
              style={{ background: line.colour ?? seriesColour(index) }}
            />
            <span className="truncate">{line.name}</span>
            <span className="figures ml-auto pl-3 font-semibold">{formatY(point.y)}</span>
          </p>
        ) : null;
      })}
    </div>
  );
}

function readingOf(
  { series, xLabel = "step", formatX = formatCount, formatY = formatMetric }: LineChartProps,
  at: number,
): string {
  const values = series.flatMap((line) => {
    const point = line.points.find((each) => each.x === at);
    return point ? [`${line.name} ${formatY(point.y)}`] : [];
  });
  return `${xLabel} ${formatX(at)}: ${values.join(", ")}`;
}

function xUnder(event: PointerEvent<HTMLElement>, [low, high]: Domain): number {
  const box = event.currentTarget.getBoundingClientRect();
  return low + ((event.clientX - box.left) / box.width) * (high - low);
}

function nearest(xs: readonly number[], x: number): number | null {
  return xs.reduce<number | null>(
    (best, each) => (best === null || Math.abs(each - x) < Math.abs(best - x) ? each : best),
    null,
  );
}

function stepped(event: KeyboardEvent, xs: readonly number[], current: number | null): number | null {
  const moves: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowLeft: -1 };
  const move = moves[event.key];
  if (move === undefined) return current;
  event.preventDefault();
  const index = current === null ? (move > 0 ? -1 : xs.length) : xs.indexOf(current);
  return xs[Math.min(xs.length - 1, Math.max(0, index + move))] ?? current;
}
