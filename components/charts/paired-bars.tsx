type PairedBarsProps = {
  readonly bins: readonly { readonly label: string; readonly reference: number; readonly current: number }[];
  /** In words: what is compared. */
  readonly label: string;
  readonly formatShare: (share: number) => string;
};

/** Two distributions over the same bins side by side, the reference in grey; each bar's value in its title. */
export function PairedBars({ bins, label, formatShare }: PairedBarsProps) {
  const most = Math.max(1e-9, ...bins.flatMap((bin) => [bin.reference, bin.current]));
  const width = 100 / Math.max(1, bins.length);
  return (
    <svg viewBox="0 0 100 60" preserveAspectRatio="none" role="img" aria-label={label} className="h-28 w-full">
      <line x1="0" x2="100" y1="59.5" y2="59.5" stroke="var(--line-strong)" vectorEffect="non-scaling-stroke" />
      {bins.map((bin, index) => {
        const heights = [bin.reference, bin.current].map((share) => (share / most) * 57);
        return (
          <g key={bin.label}>
            <title>{`${bin.label}: reference ${formatShare(bin.reference)}, window ${formatShare(bin.current)}`}</title>
            {heights.map((height, side) => (
              <rect
                key={side === 0 ? "reference" : "current"}
                x={index * width + width * (side === 0 ? 0.1 : 0.5)}
                width={width * 0.4}
                y={59.5 - height}
                height={height}
                fill={side === 0 ? "var(--text-faint)" : "var(--series-2)"}
                opacity={side === 0 ? 0.6 : 0.9}
              />
            ))}
          </g>
        );
      })}
    </svg>
  );
}
