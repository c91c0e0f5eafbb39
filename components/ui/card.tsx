import { type ReactNode, useId } from "react";
import { cn } from "./cn";

type CardProps = {
  title?: ReactNode;
  /** At the right end of the header: a count, a link, small buttons. */
  aside?: ReactNode;
  /** A line along the bottom. */
  footer?: ReactNode;
  /** For tables and lists, which bring their own side padding. */
  isFlush?: boolean;
  className?: string;
  children: ReactNode;
};

/** The one form of a panel: hairline, 8 px radius, 40 px header, 14 px at the sides. */
export function Card({ title, aside, footer, isFlush = false, className, children }: CardProps) {
  const id = useId();
  return (
    <section
      aria-labelledby={title ? id : undefined}
      className={cn("min-w-0 overflow-clip rounded-lg border border-line bg-surface-raised", className)}
    >
      {title && (
        <header className="flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-3.5 py-1.5">
          <h2 id={id} className="min-w-0 text-sm font-semibold">
            {title}
          </h2>
          {aside && <div className="ml-auto flex flex-wrap items-center gap-2 text-xs text-muted">{aside}</div>}
        </header>
      )}
      <div className={isFlush ? undefined : "px-3.5 py-3"}>{children}</div>
      {footer && (
        <footer className="flex min-h-10 flex-wrap items-center gap-2 border-t border-line px-3.5 py-1.5 text-xs text-muted">
          {footer}
        </footer>
      )}
    </section>
  );
}

/** A line in a flush card: icon, text, and what can be done about it at the right. */
export function CardRow({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <div className={cn("flex min-w-0 items-start gap-3 border-b border-line px-3.5 py-2.5 last:border-b-0", className)}>
      {children}
    </div>
  );
}
