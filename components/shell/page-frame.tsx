import type { ReactNode } from "react";
import { cn } from "../ui/cn";
import { Skeleton } from "../ui/skeleton";
import { type Crumb, TopBar } from "./top-bar";

type PageFrameProps = {
  /** Above the page: project, list. The page itself comes last by itself. */
  crumbs: readonly Crumb[];
  /** The one h1. */
  title: ReactNode;
  /** For the breadcrumb, where `title` is not a plain text. */
  name?: string;
  /** Badges beside the title. */
  status?: ReactNode;
  /** One line under the title, as a person would say it. */
  meta?: ReactNode;
  /** Buttons at the right: one primary at most. */
  actions?: ReactNode;
  /** `reading` keeps to 1,440 px; `full` is for tables, graphs and logs. */
  width?: "reading" | "full";
  children: ReactNode;
};

/** Top bar, title line and content of a page. */
export function PageFrame({ crumbs, title, name, status, meta, actions, width = "reading", children }: PageFrameProps) {
  const current = name ?? (typeof title === "string" ? title : "");
  return (
    <>
      <TopBar crumbs={crumbs} current={current} />
      <main
        id="content"
        tabIndex={-1}
        className={cn(
          "flex-1 px-4 pt-5 pb-16 outline-none md:px-6",
          width === "reading" && "mx-auto w-full max-w-[90rem]",
        )}
      >
        <header className="mb-4 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
          <div className="min-w-0">
            <div className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-1">
              <h1 className="min-w-0 text-xl font-semibold tracking-tight break-words">{title}</h1>
              {status}
            </div>
            {meta && <div className="mt-0.5 text-sm text-pretty text-muted">{meta}</div>}
          </div>
          {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
        </header>
        {children}
      </main>
    </>
  );
}

/** The frame of a page whose title comes with its data. */
export function PageSkeleton({
  crumbs,
  name,
  children,
}: {
  crumbs: readonly Crumb[];
  name: string;
  children: ReactNode;
}) {
  return (
    <>
      <TopBar crumbs={crumbs} current={name} />
      <main
        id="content"
        tabIndex={-1}
        className="mx-auto w-full max-w-[90rem] flex-1 px-4 pt-5 pb-16 outline-none md:px-6"
      >
        <div className="mb-4 flex min-h-8 flex-col justify-center gap-2">
          <Skeleton className="h-6 w-64 max-w-full" />
          <Skeleton className="h-3.5 w-96 max-w-full" />
        </div>
        {children}
      </main>
    </>
  );
}

/** Main column and a side column of 316 px, which goes below on narrow windows. */
export function TwoColumns({ children, side }: { children: ReactNode; side: ReactNode }) {
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_19.75rem]">
      <div className="flex min-w-0 flex-col gap-4">{children}</div>
      <aside className="flex min-w-0 flex-col gap-4">{side}</aside>
    </div>
  );
}
