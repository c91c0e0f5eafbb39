"use client";
import { useSyncExternalStore } from "react";
import { formatDuration, formatInstant, formatRelative } from "../data/format";
import { cn } from "./cn";
import { Tooltip } from "./tooltip";

const listeners = new Set<() => void>();
let ticking: ReturnType<typeof setInterval> | undefined;
let now = 0;

/** One clock for all times on the page: every second while somebody looks. */
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (!ticking) now = Date.now();
  ticking ??= setInterval(() => {
    now = Date.now();
    for (const each of listeners) each();
  }, 1_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || !ticking) return;
    clearInterval(ticking);
    ticking = undefined;
  };
}

function snapshot(): number {
  if (now === 0) now = Date.now();
  return now;
}

const serverSnapshot = () => 0;

/** Milliseconds since the epoch, each second anew; 0 while the page is rendered on the server and hydrated. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, snapshot, serverSnapshot);
}

/** "2 h ago", with the instant and its zone on hover. The server writes it by its own clock, the browser goes on by the person's. */
export function RelativeTime({ at, className }: { at: Date; className?: string }) {
  const current = useNow();
  const text = formatRelative(at, current === 0 ? new Date() : new Date(current));
  return (
    <Tooltip text={formatInstant(at)}>
      <time dateTime={at.toISOString()} className={cn("whitespace-nowrap", className)} suppressHydrationWarning>
        {text}
      </time>
    </Tooltip>
  );
}

/** The instant in the person's own zone. */
export function AbsoluteTime({ at, className }: { at: Date; className?: string }) {
  const isInBrowser = useNow() !== 0;
  return (
    <time dateTime={at.toISOString()} className={cn("figures", className)} suppressHydrationWarning>
      {isInBrowser ? formatInstant(at) : formatInstant(at, "UTC")}
    </time>
  );
}

/** Between two instants; counts on while `to` is null and something runs. */
export function Duration({ from, to, className }: { from: Date | null; to: Date | null; className?: string }) {
  return (
    <span className={cn("figures whitespace-nowrap", className)}>
      {from === null ? "–" : to ? formatDuration(to.getTime() - from.getTime()) : <RunningDuration from={from} />}
    </span>
  );
}

function RunningDuration({ from }: { from: Date }) {
  const current = useNow();
  if (current === 0) return "…";
  const ms = current - from.getTime();
  return formatDuration(ms < 10_000 ? ms : Math.floor(ms / 1_000) * 1_000);
}
