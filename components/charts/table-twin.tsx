import { formatCount, formatMetric } from "../data/format";
import { ScrollRegion } from "../ui/scroll-region";
import type { LineChartProps } from "./line-chart";

const MOST_ROWS = 500;

/** The chart's values as a table, for screen readers and for copying. */
export function TableTwin({
  label,
  series,
  xLabel = "step",
  formatX = formatCount,
  formatY = formatMetric,
  height = 180,
}: LineChartProps) {
  const xs = [...new Set(series.flatMap((line) => line.points.map((point) => point.x)))].sort((a, b) => a - b);
  const values = series.map((line) => new Map(line.points.map((point) => [point.x, point.y])));
  return (
    <ScrollRegion
      label={`${label}, as a table`}
      className="rounded-md border border-line"
      style={{ maxHeight: Math.max(height, 180) }}
    >
      <table className="figures w-full text-right text-xs">
        <thead className="sticky top-0 bg-surface-sunken text-muted">
          <tr>
            <th scope="col" className="px-2.5 py-1 text-left font-normal">
              {xLabel}
            </th>
            {series.map((line) => (
              <th key={line.name} scope="col" className="px-2.5 py-1 font-normal">
                {line.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {xs.slice(0, MOST_ROWS).map((x) => (
            <tr key={x} className="border-t border-line">
              <th scope="row" className="px-2.5 py-1 text-left font-normal">
                {formatX(x)}
              </th>
              {values.map((byX, index) => {
                const y = byX.get(x);
                return (
                  <td key={series[index]?.name} className="px-2.5 py-1">
                    {y === undefined ? "–" : formatY(y)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {xs.length > MOST_ROWS && (
        <p className="border-t border-line px-2.5 py-1 text-xs text-muted">
          The first {MOST_ROWS} of {xs.length.toLocaleString("en-GB")} rows.
        </p>
      )}
    </ScrollRegion>
  );
}
