"use client";
import type { AttemptState } from "@/domain/pipelines/status";
import { formatDuration } from "../data/format";
import { statusLook } from "../data/status";
import { Card } from "../ui/card";
import { cn } from "../ui/cn";
import { ScrollRegion } from "../ui/scroll-region";
import { useNow } from "../ui/time";
import type { Run, Step } from "./run-words";

type Bar = {
  readonly key: string;
  readonly from: number;
  readonly to: number;
  readonly state: "waited" | AttemptState;
  readonly words: string;
};

const COLOURS: Readonly<Record<"waited" | AttemptState, string>> = {
  waited: "border border-line-strong",
  starting: "bg-run",
  running: "bg-run",
  succeeded: "bg-pass",
  failed: "bg-fail",
  timed_out: "bg-fail",
  lost: "bg-fail",
  cancelled: "bg-idle",
};

const LEGEND = [
  ["waited", "queued"],
  ["succeeded", "done"],
  ["failed", "failed"],
  ["running", "running"],
] as const;

/** When each attempt of each step waited and ran, on one axis. */
export function RunTimeline({
  run,
  selected,
  onSelect,
}: {
  run: Run;
  selected: string | null;
  onSelect: (key: string) => void;
}) {
  const now = useNow();
  const from = run.createdAt.getTime();
  const to = run.finishedAt?.getTime() ?? Math.max(now, from + 1_000);
  const span = Math.max(to - from, 1);
  return (
    <Card
      title="Time"
      aside={
        <ul className="flex flex-wrap gap-x-3 gap-y-1">
          {LEGEND.map(([state, word]) => (
            <li key={state} className="flex items-center gap-1.5">
              <span aria-hidden className={cn("h-2 w-3 rounded-[2px]", COLOURS[state])} />
              {word}
            </li>
          ))}
        </ul>
      }
    >
      <ScrollRegion label="Steps in time" className="max-h-112">
        <ol className="flex flex-col">
          {run.steps.map((step) => (
            <li
              key={step.key}
              className="grid grid-cols-[minmax(5rem,7rem)_minmax(0,1fr)] items-center gap-3 border-b border-line py-1 last:border-b-0 sm:grid-cols-[9rem_minmax(0,1fr)]"
            >
              <button
                type="button"
                aria-pressed={step.key === selected}
                onClick={() => onSelect(step.key)}
                className={cn(
                  "min-h-6 truncate rounded-sm text-left text-sm hover:text-accent",
                  step.key === selected && "font-semibold",
                )}
              >
                {step.key}
              </button>
              <Track bars={barsOf(step, to)} from={from} span={span} />
            </li>
          ))}
        </ol>
      </ScrollRegion>
      <div className="figures mt-1 grid grid-cols-[minmax(5rem,7rem)_minmax(0,1fr)] gap-3 text-xs text-faint sm:grid-cols-[9rem_minmax(0,1fr)]">
        <span />
        <span className="flex justify-between" suppressHydrationWarning>
          <span>0 s</span>
          <span>{formatDuration(span)}</span>
        </span>
      </div>
    </Card>
  );
}

function Track({ bars, from, span }: { bars: readonly Bar[]; from: number; span: number }) {
  return (
    <span className="relative block h-4">
      {bars.map((bar) => (
        <span
          key={bar.key}
          title={bar.words}
          suppressHydrationWarning
          className={cn("absolute top-1 h-2.5 min-w-0.5 rounded-[2px]", COLOURS[bar.state])}
          style={{ left: `${(100 * (bar.from - from)) / span}%`, width: `${(100 * (bar.to - bar.from)) / span}%` }}
        />
      ))}
      <span className="sr-only">{bars.length === 0 ? "has not begun" : bars.map((bar) => bar.words).join(", ")}</span>
    </span>
  );
}

/** An attempt waits from the end of the one before, the first from when the step's needs were met. */
function barsOf(step: Step, now: number): readonly Bar[] {
  let waitsFrom = step.queuedAt?.getTime() ?? null;
  return step.attempts.flatMap((attempt) => {
    const begun = attempt.createdAt.getTime();
    const ended = attempt.finishedAt?.getTime() ?? Math.max(now, begun);
    const word = statusLook({ kind: "attempt", state: attempt.state }).word.toLowerCase();
    const ran: Bar = {
      key: attempt.id,
      from: begun,
      to: ended,
      state: attempt.state,
      words: `attempt ${attempt.number} ${word}, ${formatDuration(ended - begun)}`,
    };
    const waited: Bar[] =
      waitsFrom !== null && begun > waitsFrom
        ? [
            {
              key: `${attempt.id} waited`,
              from: waitsFrom,
              to: begun,
              state: "waited",
              words: `waited ${formatDuration(begun - waitsFrom)}`,
            },
          ]
        : [];
    waitsFrom = ended;
    return [...waited, ran];
  });
}
