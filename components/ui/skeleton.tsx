import { cn } from "./cn";

/** A quiet block in the place of what is on its way. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden className={cn("block animate-breathe rounded-sm bg-line", className)} />;
}

function Loading({ label, className, children }: { label: string; className?: string; children: React.ReactNode }) {
  return (
    <div role="status" aria-label={label} className={cn("animate-late", className)}>
      {children}
    </div>
  );
}

export function TextSkeleton({ lines = 3, className }: { lines?: number; className?: string }) {
  return (
    <Loading label="Loading" className={cn("flex flex-col gap-2.5", className)}>
      {rangeOf(lines).map((line) => (
        <Skeleton key={line} className={cn("h-3.5", line === lines - 1 ? "w-2/3" : "w-full")} />
      ))}
    </Loading>
  );
}

/** A card with its header and some lines. */
export function CardSkeleton({ lines = 4, className }: { lines?: number; className?: string }) {
  return (
    <Loading label="Loading" className={cn("rounded-lg border border-line bg-surface-raised", className)}>
      <div className="flex h-10 items-center border-b border-line px-3.5">
        <Skeleton className="h-3.5 w-32" />
      </div>
      <div className="flex flex-col gap-3 px-3.5 py-3.5">
        {rangeOf(lines).map((line) => (
          <Skeleton key={line} className={cn("h-3.5", line % 3 === 2 ? "w-1/2" : "w-4/5")} />
        ))}
      </div>
    </Loading>
  );
}

/** A table of the same rows and columns as the one that follows. */
export function TableSkeleton({
  rows = 8,
  columns = 4,
  className,
}: {
  rows?: number;
  columns?: number;
  className?: string;
}) {
  return (
    <Loading
      label="Loading"
      className={cn("overflow-hidden rounded-lg border border-line bg-surface-raised", className)}
    >
      {rangeOf(rows + 1).map((row) => (
        <div
          key={row}
          className={cn(
            "flex items-center gap-6 border-b border-line px-3.5 last:border-b-0",
            row === 0 ? "h-9" : "h-8",
          )}
        >
          {rangeOf(columns).map((column) => (
            <Skeleton
              key={column}
              className={cn("h-3", column === 0 ? "w-1/4" : "flex-1", row === 0 && "opacity-60")}
            />
          ))}
        </div>
      ))}
    </Loading>
  );
}

function rangeOf(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
