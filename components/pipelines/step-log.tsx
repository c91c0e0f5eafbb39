"use client";
import { Download } from "lucide-react";
import { type UIEvent, useEffect, useRef } from "react";
import { formatBytes } from "../data/format";
import { useProject } from "../providers/project";
import { buttonVariants } from "../ui/button";
import { EmptyState } from "../ui/empty-state";
import { ErrorPanel } from "../ui/error-panel";
import { TextSkeleton } from "../ui/skeleton";
import type { Attempt, Step } from "./run-words";
import { useStepLog } from "./use-step-log";

/** What an attempt wrote, line by line, following the end while the reader is there. */
export function StepLog({ step, attempt }: { step: Step; attempt: Attempt | null }) {
  if (!attempt) {
    const hint =
      step.state === "skipped" || step.state === "cancelled"
        ? (step.reason ?? "The step never ran.")
        : "The log begins when the step does.";
    return <EmptyState title="No log" hint={hint} />;
  }
  return <AttemptLog attempt={attempt} />;
}

function AttemptLog({ attempt }: { attempt: Attempt }) {
  const project = useProject();
  const log = useStepLog(attempt.id);
  const isRunning = attempt.finishedAt === null;
  if (log.error && log.lines.length === 0) return <ErrorPanel error={log.error} onRetry={log.retry} />;
  if (!log.isLoaded)
    return (
      <div className="p-3.5">
        <TextSkeleton lines={8} />
      </div>
    );
  return (
    <>
      {attempt.reason && (
        <p className="border-b border-line px-3.5 py-2 text-sm text-pretty text-fail">{attempt.reason}</p>
      )}
      {log.lines.length === 0 ? (
        <EmptyState
          title={isRunning ? "Nothing written yet" : "The log is empty"}
          hint={isRunning ? "Lines appear here as the step writes them." : "The step wrote nothing."}
        />
      ) : (
        <Lines log={log} isRunning={isRunning} />
      )}
      <footer className="flex flex-wrap items-center justify-between gap-2 border-t border-line px-3.5 py-1.5 text-xs text-muted">
        <span>
          {log.skippedBytes > 0 && `The first ${formatBytes(log.skippedBytes)} are in the download. `}
          {log.isCut && "The log was cut at 10 MB."}
        </span>
        <a
          className={buttonVariants({ tone: "ghost", size: "sm" })}
          href={`/api/v1/projects/${project.id}/step-attempts/${attempt.id}/log`}
          download
        >
          <Download aria-hidden />
          Download log
        </a>
      </footer>
    </>
  );
}

function Lines({ log, isRunning }: { log: ReturnType<typeof useStepLog>; isRunning: boolean }) {
  const box = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const count = log.lines.length;
  // The outside system is the scroll position.
  useEffect(() => {
    if (count > 0 && isAtEnd.current && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [count]);
  const onScroll = ({ currentTarget: at }: UIEvent) => {
    isAtEnd.current = at.scrollHeight - at.scrollTop - at.clientHeight < 24;
  };
  return (
    <div
      ref={box}
      role="log"
      aria-label="Log"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      onScroll={onScroll}
      className="h-72 overflow-auto py-2 font-mono text-xs leading-5 -outline-offset-2"
    >
      {log.lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines are only ever added at the end
        <div key={index} className="flex gap-3 px-3.5">
          <time dateTime={line.at} className="shrink-0 text-faint select-none" suppressHydrationWarning>
            {clockOf(line.at)}
          </time>
          <span className="min-w-0 break-words whitespace-pre-wrap">{line.text}</span>
        </div>
      ))}
      {isRunning && (
        <div aria-hidden className="px-3.5">
          <span className="inline-block h-3.5 w-1 animate-breathe bg-run align-middle" />
        </div>
      )}
    </div>
  );
}

function clockOf(instant: string): string {
  const at = new Date(instant);
  return Number.isNaN(at.getTime()) ? "" : at.toLocaleTimeString("en-GB");
}
