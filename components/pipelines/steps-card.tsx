"use client";
import { Dag } from "../graph/dag";
import { Button } from "../ui/button";
import { Card } from "../ui/card";
import { Duration } from "../ui/time";
import { detailOf, type Run, type Step } from "./run-words";

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
        height={heightFor(run.steps)}
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
        edges={run.steps.flatMap((step) => step.needs.map((need) => ({ from: need, to: step.key })))}
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

/** Room for the widest rank of the graph, which is how many steps stand above one another. */
function heightFor(steps: readonly Step[]): number {
  const rank = new Map<string, number>();
  for (const step of steps) rank.set(step.key, Math.max(0, ...step.needs.map((need) => (rank.get(need) ?? 0) + 1)));
  const sizes = new Map<number, number>();
  for (const value of rank.values()) sizes.set(value, (sizes.get(value) ?? 0) + 1);
  return Math.min(640, Math.max(336, Math.max(...sizes.values()) * 92));
}
