import { differenceText } from "@/domain/promotions/metrics";
import { cn } from "../ui/cn";
import { rangeText } from "./words";

/** A difference with its sign, above zero where the candidate is better, and its interval below it. */
export function Difference({
  value,
  interval = null,
  isBetter,
}: {
  value: number | null;
  interval?: readonly [number, number] | null;
  isBetter: boolean | null;
}) {
  if (value === null) {
    return (
      <span className="text-faint">
        <span aria-hidden>–</span>
        <span className="sr-only">nothing to compare with</span>
      </span>
    );
  }
  return (
    <span className="inline-flex flex-col items-end leading-tight">
      <span className={cn("font-semibold", isBetter === true && "text-pass", isBetter === false && "text-fail")}>
        {differenceText(value)}
        {isBetter !== null && <span className="sr-only">{isBetter ? " better" : " worse"}</span>}
      </span>
      {interval && <span className="text-2xs text-muted">{rangeText(interval)}</span>}
    </span>
  );
}
