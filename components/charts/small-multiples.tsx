import type { ReactNode } from "react";
import { cn } from "../ui/cn";
import { domainOf } from "./scale";

/** A value that holds for a span of the axis. */
export type SpanValue = {
  readonly from: number;
  readonly to: number;
  readonly value: number;
  readonly low?: number | null;
  readonly high?: number | null;
  readonly isBad?: boolean;
};

export type Multiple = {
  readonly id: string;
  readonly title: string;
  readonly hint: string;
  readonly spans: readonly SpanValue[];
  readonly threshold?: number | null;
  /** A CSS colour token. */
  readonly colour: string;
  /** Filled down to the foot of the row, which then starts at 0. */
  readonly isArea?: boolean;
  /** At the right: the last value and what it is held against. */
  readonly last: ReactNode;
  readonly note: string;
  readonly isBad?: boolean;
  /** The row in words, for who does not see it. */
  readonly label: string;
};

type Axis = { readonly from: number; readonly to: number };
export type Mark = { readonly at: number; readonly label: string };
type Tick = { readonly at: number; readonly text: string };

const HEIGHT = 100;

/** Rows of charts on one axis: what happened at the same time stands in one line. Values also stand in the table of the page. */
export function SmallMultiples({
  rows,
  axis,
  marks,
  ticks,
}: {
  rows: readonly Multiple[];
  axis: Axis;
  marks: readonly Mark[];
  ticks: readonly Tick[];
}) {
  const toX = (at: number) => ((at - axis.from) / (axis.to - axis.from || 1)) * 100;
  return (
    <div>
      <ul>
        {rows.map((row) => (
          <li
            key={row.id}
            className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 gap-y-2 border-b border-line px-3.5 py-2.5 sm:grid-cols-[7.5rem_minmax(0,1fr)_6.5rem]"
          >
            <div className="min-w-0 text-sm">
              <p className="font-semibold">{row.title}</p>
              <p className="text-xs text-pretty text-muted">{row.hint}</p>
            </div>
            <div className="order-last col-span-2 min-w-0 sm:order-none sm:col-span-1">
              <Row row={row} toX={toX} marks={marks} />
            </div>
            <div className="text-right">
              <p className={cn("figures text-lg font-semibold", row.isBad && "text-fail")}>{row.last}</p>
              <p className="figures text-xs text-pretty text-muted">{row.note}</p>
            </div>
          </li>
        ))}
      </ul>
      <div aria-hidden className="px-3.5 py-1.5 sm:grid sm:grid-cols-[7.5rem_minmax(0,1fr)_6.5rem] sm:gap-x-3">
        <div className="relative h-4 text-2xs text-muted sm:col-start-2">
          {ticks.map(({ at, text }) => (
            <span
              key={at}
              className={cn(
                "figures absolute -translate-x-1/2 whitespace-nowrap first:translate-x-0",
                ticks.length > 4 && "max-sm:even:hidden",
              )}
              style={{ left: `${toX(at)}%` }}
            >
              {text}
            </span>
          ))}
        </div>
      </div>
    </div>
  );
}

function rangeOf({ spans, threshold = null, isArea }: Multiple) {
  const values = spans.flatMap(({ value, low, high }) => [value, ...[low, high].filter((edge) => edge != null)]);
  if (threshold !== null) values.push(threshold);
  const [low, high] = domainOf(isArea ? [0, ...values] : values, 0.12);
  return isArea ? ([0, high] as const) : ([low, high] as const);
}

function Row({ row, toX, marks }: { row: Multiple; toX: (at: number) => number; marks: readonly Mark[] }) {
  const [low, high] = rangeOf(row);
  const toY = (value: number) => HEIGHT - ((value - low) / (high - low || 1)) * HEIGHT;
  const still = { vectorEffect: "non-scaling-stroke" as const };
  const threshold = row.threshold ?? null;
  return (
    <svg
      viewBox={`0 0 100 ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={row.label}
      className="h-14 w-full overflow-visible"
    >
      {marks.map((mark) => (
        <line
          key={mark.at}
          x1={toX(mark.at)}
          x2={toX(mark.at)}
          y1="0"
          y2={HEIGHT}
          stroke="var(--line-strong)"
          style={still}
        />
      ))}
      {row.spans.map((span) => (
        <Span key={span.from} span={span} row={row} place={{ toX, toY }} />
      ))}
      {threshold !== null && (
        <line
          x1="0"
          x2="100"
          y1={toY(threshold)}
          y2={toY(threshold)}
          stroke="var(--fail)"
          strokeDasharray="4 3"
          style={still}
        />
      )}
      {row.spans.slice(1).map((span, index) => {
        const before = row.spans[index];
        return before && before.to === span.from ? (
          <line
            key={span.from}
            x1={toX(span.from)}
            x2={toX(span.from)}
            y1={toY(before.value)}
            y2={toY(span.value)}
            stroke={row.colour}
            strokeWidth="1.75"
            style={still}
          />
        ) : null;
      })}
    </svg>
  );
}

type Place = { readonly toX: (at: number) => number; readonly toY: (value: number) => number };

function Span({ span, row, place: { toX, toY } }: { span: SpanValue; row: Multiple; place: Place }) {
  const [x, width] = [toX(span.from), toX(span.to) - toX(span.from)];
  const colour = span.isBad ? "var(--fail)" : row.colour;
  const hasBand = span.low != null && span.high != null;
  return (
    <g>
      {row.isArea && (
        <rect x={x} width={width} y={toY(span.value)} height={HEIGHT - toY(span.value)} fill={colour} opacity="0.2" />
      )}
      {hasBand && (
        <rect
          x={x}
          width={width}
          y={toY(span.high ?? span.value)}
          height={Math.max(0, toY(span.low ?? span.value) - toY(span.high ?? span.value))}
          fill={colour}
          opacity="0.18"
        />
      )}
      <line
        x1={x}
        x2={x + width}
        y1={toY(span.value)}
        y2={toY(span.value)}
        stroke={colour}
        strokeWidth="2"
        style={{ vectorEffect: "non-scaling-stroke" }}
      />
    </g>
  );
}
