import { metricText } from "@/domain/promotions/metrics";
import type { Slice } from "./words";

export type Scale = (value: number) => number;

/** One scale for all slices, so that they can be compared; it starts and ends where the intervals do. */
export function scaleOf(slices: readonly Slice[]): Scale {
  const numbers = slices.flatMap(({ candidate, base }) =>
    [candidate, base].flatMap((side) => (side ? [side.value, ...(side.interval ?? [])] : [])),
  );
  const low = Math.min(...numbers);
  const high = Math.max(...numbers);
  const span = high - low || 1;
  return (value) => 6 + 148 * Math.min(1, Math.max(0, (value - low) / span));
}

/** What the picture shows, as a sentence. */
function labelOf({ name, candidate, base }: Slice): string {
  const value = candidate ? metricText(candidate.value) : "not measured";
  const interval = candidate?.interval ? `, 95 % interval ${candidate.interval.map(metricText).join(" to ")}` : "";
  return `${name}: ${value}${interval}${base ? `, against ${metricText(base.value)}` : ""}`;
}

/** Base as a ring, candidate as a dot with its interval, joined by the difference; green where it is better, red where not. */
export function SliceDots({ slice, scale }: { slice: Slice; scale: Scale }) {
  const { candidate, base, difference } = slice;
  if (!candidate) return null;
  const colour = difference === null ? "var(--idle)" : difference.value < 0 ? "var(--fail)" : "var(--pass)";
  const at = scale(candidate.value);
  return (
    <svg viewBox="0 0 160 18" role="img" aria-label={labelOf(slice)} className="h-[18px] w-40">
      <line x1="2" x2="158" y1="9" y2="9" stroke="var(--line-strong)" strokeWidth="1.5" />
      {candidate.interval && (
        <rect
          x={scale(candidate.interval[0])}
          width={Math.max(2, scale(candidate.interval[1]) - scale(candidate.interval[0]))}
          y="5.5"
          height="7"
          rx="3.5"
          fill={colour}
          opacity="0.2"
        />
      )}
      {base && <line x1={scale(base.value)} x2={at} y1="9" y2="9" stroke={colour} strokeWidth="2" />}
      {base && (
        <circle
          cx={scale(base.value)}
          cy="9"
          r="3.25"
          fill="var(--surface-raised)"
          stroke="var(--text-muted)"
          strokeWidth="1.25"
        />
      )}
      <circle cx={at} cy="9" r="4" fill={colour} />
    </svg>
  );
}
