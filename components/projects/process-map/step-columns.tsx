import { COLUMNS, type Column } from "@/domain/projects/process-map/types";
import { COLUMN_TITLES } from "@/domain/projects/process-map/words";
import { StepCard } from "./step-card";
import type { ProcessMap } from "./types";

const PHASES = COLUMNS.filter((column) => column !== "cross");

/** Five phases side by side, one card a step. */
export function StepColumns({ map, onOpen }: { map: ProcessMap; onOpen: (step: string) => void }) {
  return (
    <div className="grid gap-x-3 gap-y-5 sm:grid-cols-2 lg:grid-cols-5">
      {PHASES.map((column) => (
        <Phase key={column} column={column} map={map} onOpen={onOpen} />
      ))}
    </div>
  );
}

function Phase({ column, map, onOpen }: { column: Column; map: ProcessMap; onOpen: (step: string) => void }) {
  const share = map.coverage.columns.find((one) => one.column === column);
  return (
    <section aria-labelledby={`phase-${column}`} className="min-w-0">
      <header className="mb-2 flex items-baseline justify-between gap-2 px-0.5">
        <h2 id={`phase-${column}`} className="text-sm font-semibold">
          {COLUMN_TITLES[column]}
        </h2>
        <span className="figures text-xs whitespace-nowrap text-muted">
          {share?.done ?? 0} of {share?.total ?? 0}
        </span>
      </header>
      <ol className="flex flex-col gap-2">
        {map.steps
          .filter((step) => step.column === column)
          .map((step) => (
            <li key={step.id}>
              <StepCard
                step={step}
                items={map.items.filter((item) => item.step === step.id)}
                onOpen={() => onOpen(step.id)}
              />
            </li>
          ))}
      </ol>
    </section>
  );
}

/** What belongs to no step of its own. */
export function AcrossRow({ map, onOpen }: { map: ProcessMap; onOpen: (step: string) => void }) {
  return (
    <div className="max-w-sm">
      <Phase column="cross" map={map} onOpen={onOpen} />
    </div>
  );
}
