import Link from "next/link";
import { PRINCIPLE_TITLES } from "@/domain/projects/process-map/words";
import { useProject } from "../../providers/project";
import { routes, withQuery } from "../../shell/routes";
import { Card } from "../../ui/card";
import { Marks } from "./state-dot";
import type { ProcessMap } from "./types";

const ORDER = { done: 0, begun: 1, not_yet: 2 } as const;

/** How much of the process stands, as a whole and by principle. */
export function CoverageBar({ map }: { map: ProcessMap }) {
  const project = useProject();
  const { coverage } = map;
  const states = map.items.map((item) => item.state).sort((a, b) => ORDER[a] - ORDER[b]);
  const table = (principle: string) => withQuery(routes.processMap(project.slug), { view: "table", principle });
  return (
    <Card>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
        <p className="figures text-base font-semibold whitespace-nowrap">
          {coverage.done} of {coverage.total} done
        </p>
        <Marks states={states} isSquare />
        {coverage.begun > 0 && <p className="figures text-xs whitespace-nowrap text-muted">{coverage.begun} begun</p>}
      </div>
      <ul className="mt-2.5 flex flex-wrap gap-x-4 gap-y-1 text-xs text-muted">
        {coverage.principles.map(({ principle, done, total }) => (
          <li key={principle}>
            <Link href={table(principle)} className="rounded-sm hover:text-accent">
              {principle} {PRINCIPLE_TITLES[principle]}{" "}
              <span className="figures font-semibold text-text">
                {done}/{total}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}
