import { cn } from "./cn";

/** "Ada Lindqvist" → "AL". */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/);
  const first = firstCharacter(words[0] ?? "") || "?";
  const last = words.length > 1 ? firstCharacter(words.at(-1) ?? "") : "";
  return (first + last).toUpperCase();
}

/** Whole characters: half of an emoji is none. */
function firstCharacter(word: string): string {
  for (const { segment } of new Intl.Segmenter("en").segment(word)) return segment;
  return "";
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
