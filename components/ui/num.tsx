import { formatCount, formatNumber } from "../data/format";
import { cn } from "./cn";

/** A figure in tabular digits; a dash where there is none. `digits` after the point, `sign` for differences. */
export function Num({
  value,
  digits,
  sign = false,
  unit,
  className,
}: {
  value: number | null | undefined;
  digits?: number;
  sign?: boolean;
  unit?: string;
  className?: string;
}) {
  if (value === null || value === undefined) {
    return (
      <span className={cn("text-faint", className)}>
        <span aria-hidden>–</span>
        <span className="sr-only">none</span>
      </span>
    );
  }
  const text = digits === undefined ? formatCount(value) : formatNumber(value, digits);
  return (
    <span className={cn("figures whitespace-nowrap", className)}>
      {sign && value > 0 ? "+" : ""}
      {text}
      {unit && <span className="text-muted"> {unit}</span>}
    </span>
  );
}
