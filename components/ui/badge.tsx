import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "./cn";

/** What a colour may mean. Nothing else is coloured. */
export const TONES = ["pass", "fail", "warn", "run", "wait", "idle"] as const;
export type Tone = (typeof TONES)[number];

export const TONE_TEXT: Readonly<Record<Tone, string>> = {
  pass: "text-pass",
  fail: "text-fail",
  warn: "text-warn",
  run: "text-run",
  wait: "text-wait",
  idle: "text-idle",
};

const TONE_SOFT: Readonly<Record<Tone, string>> = {
  pass: "bg-pass-soft text-pass",
  fail: "bg-fail-soft text-fail",
  warn: "bg-warn-soft text-warn",
  run: "bg-run-soft text-run",
  wait: "bg-wait-soft text-wait",
  idle: "bg-idle-soft text-idle",
};

/** A state: tone, icon and word together, never colour alone. */
export function Badge({
  tone,
  icon: Icon,
  children,
  isBreathing = false,
  className,
}: {
  tone: Tone;
  icon: LucideIcon;
  children: ReactNode;
  isBreathing?: boolean;
  className?: string;
}) {
  return (
    <span
      className={cn(
        "inline-flex h-5 max-w-full shrink-0 items-center gap-1.5 rounded-sm px-1.5 text-xs font-medium whitespace-nowrap",
        TONE_SOFT[tone],
        className,
      )}
    >
      <Icon aria-hidden className={cn("size-3.5 shrink-0", isBreathing && "animate-breathe")} />
      <span className="truncate">{children}</span>
    </span>
  );
}

/** A quiet word beside a name: "hold-out", "development". */
export function Tag({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <span
      className={cn(
        "inline-flex h-5 items-center rounded-sm border border-line px-1.5 text-xs whitespace-nowrap text-muted",
        className,
      )}
    >
      {children}
    </span>
  );
}
