import { Skeleton } from "../ui/skeleton";

/** In the place of a graph that is being laid out. */
export function CanvasSkeleton() {
  return (
    <div
      role="status"
      aria-label="Laying out the graph"
      className="grid size-full animate-late grid-cols-3 items-center gap-12 px-8"
    >
      <Skeleton className="h-13" />
      <Skeleton className="h-13" />
      <Skeleton className="h-13" />
    </div>
  );
}
