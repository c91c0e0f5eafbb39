type HistogramProps = {
  /** One more than `counts`. */
  edges: readonly number[];
  counts: readonly number[];
  /** In words: "precipitation, 1,461 rows, most between 0 and 5". */
  label: string;
  className?: string;
};

/** A column's distribution in the height of a line or a card. */
export function Histogram({ edges, counts, label, className }: HistogramProps) {
  const most = Math.max(1, ...counts);
  const width = 100 / Math.max(1, counts.length);
  return (
    <svg
      viewBox="0 0 100 28"
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
      className={className ?? "h-7 w-28"}
    >
      <line x1="0" x2="100" y1="27.5" y2="27.5" stroke="var(--line-strong)" vectorEffect="non-scaling-stroke" />
      {counts.map((count, index) => {
        const height = count === 0 ? 0 : Math.max(1, (count / most) * 26);
        return (
          <rect
            key={edges[index]}
            x={index * width + width * 0.08}
            width={width * 0.84}
            y={27.5 - height}
            height={height}
            fill="var(--series-1)"
            opacity="0.75"
          />
        );
      })}
    </svg>
  );
}
