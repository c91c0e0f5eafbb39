type SparklineProps = {
  values: readonly number[];
  /** What it shows, in words: "accuracy over 8 steps, last 0.806". */
  label: string;
  /** Drawn as a dotted line. */
  threshold?: number | null;
  /** A CSS colour token; the text's own colour without it. */
  colour?: string;
  className?: string;
};

/** A number's history in the height of a line. */
export function Sparkline({ values, label, threshold = null, colour = "currentColor", className }: SparklineProps) {
  const finite = values.filter((value) => Number.isFinite(value));
  const last = finite.at(-1);
  if (last === undefined) return <span className="text-faint">–</span>;
  const all = threshold === null ? finite : [...finite, threshold];
  const low = Math.min(...all);
  const span = Math.max(...all) - low || 1;
  const x = (index: number) => (finite.length === 1 ? 40 : 3 + (index / (finite.length - 1)) * 74);
  const y = (value: number) => 15 - ((value - low) / span) * 12;
  const points = finite.map((value, index) => `${x(index).toFixed(1)},${y(value).toFixed(1)}`).join(" ");
  return (
    <svg viewBox="0 0 82 18" role="img" aria-label={label} className={className ?? "h-[18px] w-20"}>
      {threshold !== null && (
        <line
          x1="2"
          x2="78"
          y1={y(threshold)}
          y2={y(threshold)}
          stroke="var(--text-faint)"
          strokeWidth="1"
          strokeDasharray="1.5 2.5"
        />
      )}
      <polyline
        points={points}
        fill="none"
        stroke={colour}
        strokeWidth="1.5"
        strokeLinejoin="round"
        strokeLinecap="round"
      />
      <circle cx={x(finite.length - 1)} cy={y(last)} r="2" fill={colour} />
    </svg>
  );
}
