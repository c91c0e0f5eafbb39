import { cn } from "./cn";

/** "Ada Lindqvist" → "AL". */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/);
  const first = words[0]?.[0] ?? "?";
  const last = words.length > 1 ? (words.at(-1)?.[0] ?? "") : "";
  return (first + last).toUpperCase();
}

/** Beside a name, never instead of it. */
export function Avatar({ name, size = "md", className }: { name: string; size?: "sm" | "md"; className?: string }) {
  return (
    <span
      aria-hidden
      className={cn(
        "inline-flex shrink-0 items-center justify-center rounded-full bg-accent-soft font-semibold text-accent select-none",
        size === "sm" ? "size-5 text-[0.5625rem]" : "size-7 text-2xs",
        className,
      )}
    >
      {initialsOf(name)}
    </span>
  );
}
