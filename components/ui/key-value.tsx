import type { ReactNode } from "react";
import { cn } from "./cn";

type Pair = { readonly key: string; readonly value: ReactNode; readonly aside?: ReactNode };

/** Rows of name and value with hairlines between, for a flush card. */
export function KeyValue({ pairs }: { pairs: readonly (Pair | null)[] }) {
  return (
    <dl>
      {pairs.map(
        (pair) =>
          pair && (
            <div
              key={pair.key}
              className="flex flex-wrap items-baseline gap-x-4 gap-y-0.5 border-b border-line px-3.5 py-2 text-sm last:border-b-0"
            >
              <dt className="w-32 shrink-0 text-muted">{pair.key}</dt>
              <dd className="min-w-0 flex-1 basis-40 break-words">
                <span className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-0.5">
                  <span className="min-w-0">{pair.value}</span>
                  {pair.aside && <span className="text-xs text-muted">{pair.aside}</span>}
                </span>
              </dd>
            </div>
          ),
      )}
    </dl>
  );
}

/** The summary strip under a title: small name above, value below, side by side. */
export function SummaryStrip({ pairs, className }: { pairs: readonly (Pair | null)[]; className?: string }) {
  return (
    <dl
      className={cn(
        "flex flex-wrap gap-x-7 gap-y-3 rounded-lg border border-line bg-surface-raised px-3.5 py-2.5 text-sm",
        className,
      )}
    >
      {pairs.map(
        (pair) =>
          pair && (
            <div key={pair.key} className="min-w-0">
              <dt className="text-xs text-muted">{pair.key}</dt>
              <dd className="figures break-words">{pair.value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
