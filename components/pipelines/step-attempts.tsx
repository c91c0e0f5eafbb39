"use client";
import { StatusBadge } from "../data/status-badge";
import { Button } from "../ui/button";
import { CodeBlock } from "../ui/code-block";
import { EmptyState } from "../ui/empty-state";
import { Duration } from "../ui/time";
import { kindOf, type Step, workText } from "./run-words";

/** Every attempt with how it ended, and what the step is. */
export function StepAttempts({
  step,
  selected,
  onSelect,
}: {
  step: Step;
  selected: number | null;
  onSelect: (attempt: number) => void;
}) {
  return (
    <>
      {step.attempts.length === 0 && (
        <EmptyState title="No attempt yet" hint={step.reason ?? "The step has not begun."} className="py-8" />
      )}
      <ol>
        {[...step.attempts].reverse().map((attempt) => (
          <li key={attempt.id} className="flex flex-col gap-1 border-b border-line px-3.5 py-2.5 text-sm">
            <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
              <span className="font-semibold">Attempt {attempt.number}</span>
              <StatusBadge kind="attempt" state={attempt.state} />
              {attempt.exitCode !== null && <span className="figures text-xs text-muted">exit {attempt.exitCode}</span>}
              <Duration from={attempt.createdAt} to={attempt.finishedAt} className="ml-auto text-xs text-muted" />
              <Button
                size="sm"
                tone="ghost"
                aria-pressed={attempt.number === selected}
                onClick={() => onSelect(attempt.number)}
              >
                Log
              </Button>
            </div>
            {attempt.reason && <p className="text-xs text-pretty text-muted">{attempt.reason}</p>}
            <p className="text-xs break-words text-faint">
              on {attempt.host}
              {attempt.environmentDigest && `, environment ${attempt.environmentDigest.slice(0, 8)}`}
            </p>
          </li>
        ))}
      </ol>
      <div className="flex flex-col gap-2 px-3.5 py-3 text-xs text-muted">
        <p>
          A {kindOf(step)} step, at most {step.maxAttempts === 1 ? "one attempt" : `${step.maxAttempts} attempts`}; an
          attempt that died with its worker does not count.
        </p>
        <CodeBlock code={workText(step)} label="work of the step" />
      </div>
    </>
  );
}
