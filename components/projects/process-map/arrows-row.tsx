import Link from "next/link";
import { ARROWS } from "@/domain/feedback/arrows";
import { useProject } from "../../providers/project";
import { routes } from "../../shell/routes";
import { Arrow } from "../../ui/arrow";
import { cn } from "../../ui/cn";
import { RelativeTime } from "../../ui/time";
import type { ProcessMap } from "./types";

/** The nine feedback arrows: from where to whom, and what is open. */
export function ArrowsRow({ arrows }: Pick<ProcessMap, "arrows">) {
  const project = useProject();
  return (
    <section aria-labelledby="feedback-arrows">
      <h2 id="feedback-arrows" className="mb-2 text-sm font-semibold">
        Feedback
      </h2>
      <ul className="grid grid-cols-2 gap-2 sm:grid-cols-3 lg:grid-cols-9">
        {arrows.map((arrow) => {
          const { from, to } = ARROWS[arrow.kind];
          const href = arrow.kind === "F5" ? routes.retraining(project.slug) : routes.feedback(project.slug);
          return (
            <li key={arrow.kind}>
              <Link
                href={href}
                className={cn(
                  "flex h-full flex-col rounded-md border bg-surface-raised px-2.5 py-2 text-xs transition-colors duration-150 hover:border-faint",
                  arrow.open > 0 ? "border-wait" : "border-line",
                )}
              >
                <span>
                  <span className="font-mono text-faint">{arrow.kind}</span> {from} <Arrow /> {to.toLowerCase()}
                </span>
                <span className={cn("mt-auto pt-0.5", arrow.open > 0 ? "text-wait" : "text-muted")}>
                  {arrow.total === 0 ? (
                    "none yet"
                  ) : arrow.open > 0 ? (
                    `${arrow.open} open`
                  ) : arrow.lastAt ? (
                    <RelativeTime at={arrow.lastAt} />
                  ) : (
                    `${arrow.total} closed`
                  )}
                </span>
              </Link>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
