import type { ReactNode } from "react";
import { cn } from "./cn";

/** Nothing here: says what will put something here, or that the filter matches nothing. No picture. */
export function EmptyState({
  title,
  hint,
  action,
  className,
}: {
  title: string;
  hint: ReactNode;
  action?: ReactNode;
  className?: string;
}) {
  return (
    <div className={cn("flex flex-col items-center gap-1 px-6 py-12 text-center", className)}>
      <p className="font-semibold">{title}</p>
      <p className="max-w-md text-sm text-pretty text-muted">{hint}</p>
      {action && <div className="mt-3 flex max-w-full flex-wrap justify-center gap-2">{action}</div>}
    </div>
  );
}
