"use client";
import { useLiveStatus } from "../providers/live";
import { cn } from "../ui/cn";
import { Tooltip } from "../ui/tooltip";

const SAYS = {
  connecting: {
    word: "Connecting",
    hint: "The page is opening its stream of changes.",
    dot: "bg-idle animate-breathe",
  },
  live: { word: "Live", hint: "Changes show by themselves.", dot: "bg-pass" },
  offline: {
    word: "Offline",
    hint: "The stream is down: the page asks every few seconds.",
    dot: "bg-warn animate-breathe",
  },
} as const;

/** Whether changes arrive by themselves. */
export function LiveDot() {
  const { word, hint, dot } = SAYS[useLiveStatus()];
  return (
    <Tooltip text={hint} side="bottom">
      <span
        role="status"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: its explanation must be reachable by keyboard
        tabIndex={0}
        className="inline-flex h-6 items-center gap-2 rounded-sm px-1 text-xs text-muted"
      >
        <span aria-hidden className={cn("size-1.5 rounded-full", dot)} />
        <span className="max-sm:sr-only">{word}</span>
      </span>
    </Tooltip>
  );
}
