"use client";
import { Dag } from "../graph/dag";
import { Button } from "../ui/button";
import { Card } from "../ui/card";
import { Duration } from "../ui/time";
import { detailOf, type Run } from "./run-words";
import { drawnEdges, shapeOf } from "./steps-shape";

/** More columns than this are too small to read in three fifths of the page. */
export const COLUMNS_BESIDE_LOG = 4;

type View = "graph" | "table";
type Props = {
  run: Run;
  selected: string | null;
  onSelect: (key: string) => void;
  view: View;
  onView: (view: View) => void;
};

/** The steps and what follows what, as a graph or as a table. */
export function StepsCard({ run, selected, onSelect, view, onView }: Props) {
  const done = run.steps.filter((step) => step.state === "succeeded").length;
  return (
    <Card
      title="Steps"
      isFlush
      aside={
        <>
          <span className="figures mr-1">
            {done} of {run.steps.length}
          </span>
          <ViewButton view="graph" current={view} onView={onView}>
            Graph
          </ViewButton>
          <ViewButton view="table" current={view} onView={onView}>
            Table
          </ViewButton>
        </>
      }
    >
      <Dag
        label={`Steps of run ${run.number}`}
        view={view}
        height={heightFor(shapeOf(run.steps))}
        selected={selected}
        onSelect={onSelect}
        nodes={run.steps.map((step) => ({
          id: step.key,
          title: step.key,
          subtitle: detailOf(step),
          aside: step.startedAt ? <Duration from={step.startedAt} to={step.finishedAt} /> : undefined,
          status: { kind: "step", state: step.state },
          isOpen: step.state === "pending",
        }))}
        edges={drawnEdges(run.steps)}
      />
    </Card>
  );
}

function ViewButton({
  view,
  current,
  onView,
  children,
}: {
  view: View;
  current: View;
  onView: (view: View) => void;
  children: string;
}) {
  return (
    <Button
      size="sm"
      aria-pressed={view === current}
      className={view === current ? "bg-surface-sunken" : undefined}
      onClick={() => onView(view)}
    >
      {children}
    </Button>
  );
}

const ROW_PX = 92;

/** Room for the steps that stand above one another; a long flat graph takes less, so that the log comes into view. */
function heightFor({ rows, columns }: ReturnType<typeof shapeOf>): number {
  return Math.min(640, Math.max(columns > COLUMNS_BESIDE_LOG ? 184 : 336, rows * ROW_PX));
}
