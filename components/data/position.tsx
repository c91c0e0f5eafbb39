import type { Tone } from "../ui/badge";

type PositionProps = {
  value: number | null;
  limit: number | null;
  /** The version that serves now: a hollow ring. */
  current?: number | null;
  interval?: readonly [number, number] | null;
  direction: "at_least" | "at_most" | "above" | null;
  tone: Tone;
  /** The whole as a sentence, since the strip is a picture: "0.796, limit at least 0.65". */
  label: string;
  className?: string;
};

const STROKE: Readonly<Record<Tone, string>> = {
  pass: "var(--pass)",
  fail: "var(--fail)",
  warn: "var(--warn)",
  run: "var(--run)",
  wait: "var(--wait)",
  idle: "var(--idle)",
};

/** Value, limit, current value and interval on one line; better is always to the right. */
export function Position({
  value,
  limit,
  current = null,
  interval = null,
  direction,
  tone,
  label,
  className,
}: PositionProps) {
  const numbers = [value, limit, current, ...(interval ?? [])].filter(
    (each): each is number => each !== null && Number.isFinite(each),
  );
  if (value === null || numbers.length === 0) return null;
  const place = scaleOf(numbers, direction === "at_most");
  const colour = STROKE[tone];
  return (
    <svg viewBox="0 0 112 18" role="img" aria-label={label} className={className ?? "h-[18px] w-28"}>
      <line x1="2" x2="110" y1="9" y2="9" stroke="var(--line-strong)" strokeWidth="1.5" />
      {limit !== null && (
        <line x1={place(limit)} x2="110" y1="9" y2="9" stroke={colour} strokeWidth="1.5" opacity="0.75" />
      )}
      {interval && <Band from={place(interval[0])} to={place(interval[1])} colour={colour} />}
      {limit !== null && (
        <line x1={place(limit)} x2={place(limit)} y1="3.5" y2="14.5" stroke="var(--text)" strokeWidth="1.5" />
      )}
      {current !== null && (
        <circle
          cx={place(current)}
          cy="9"
          r="3"
          fill="var(--surface-raised)"
          stroke="var(--text-muted)"
          strokeWidth="1.25"
        />
      )}
      <circle cx={place(value)} cy="9" r="5.5" fill="var(--surface-raised)" stroke={colour} strokeWidth="1" />
      <circle cx={place(value)} cy="9" r="3.25" fill={colour} />
    </svg>
  );
}

function Band({ from, to, colour }: { from: number; to: number; colour: string }) {
  return (
    <rect
      x={Math.min(from, to)}
      width={Math.max(2, Math.abs(to - from))}
      y="6"
      height="6"
      rx="3"
      fill={colour}
      opacity="0.35"
    />
  );
}

/** From a number to its x: the numbers take the middle two thirds. */
function scaleOf(numbers: readonly number[], isLowerBetter: boolean): (value: number) => number {
  const low = Math.min(...numbers);
  const high = Math.max(...numbers);
  const span = high - low || Math.abs(high) * 0.1 || 1;
  const from = low - span * 0.5;
  const to = high + span * 0.35;
  return (value) => {
    const share = Math.min(1, Math.max(0, (value - from) / (to - from)));
    return 8 + 96 * (isLowerBetter ? 1 - share : share);
  };
}
