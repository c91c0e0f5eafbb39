"use client";
import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { cn } from "./cn";
import { Tooltip } from "./tooltip";

/** "9f3a…c21": the first four and the last three characters. */
export function shortenId(id: string): string {
  return id.length <= 10 ? id : `${id.slice(0, 4)}…${id.slice(-3)}`;
}

/** Copies and says so for two seconds. */
export function useCopy(): { readonly isCopied: boolean; readonly copy: (text: string) => void } {
  const [isCopied, setIsCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setIsCopied(false), 2_000);
    return () => clearTimeout(timer);
  }, [isCopied]);
  return { isCopied, copy: (text) => void navigator.clipboard.writeText(text).then(() => setIsCopied(true)) };
}

/** An id or digest in mono, shortened, the whole in the tooltip; a click copies it. `what` names it: "evidence digest". */
export function CopyId({
  value,
  what,
  text,
  className,
}: {
  value: string;
  what: string;
  text?: string;
  className?: string;
}) {
  const { isCopied, copy } = useCopy();
  return (
    <Tooltip text={isCopied ? "Copied" : <span className="font-mono break-all">{value}</span>}>
      <button
        type="button"
        onClick={() => copy(value)}
        aria-label={`Copy ${what} ${shortenId(value)}`}
        className={cn(
          "relative inline-flex min-h-6 max-w-full items-center gap-1.5 rounded-sm font-mono text-xs hover:text-accent",
          className,
        )}
      >
        <span className="truncate">{text ?? shortenId(value)}</span>
        {isCopied ? (
          <Check aria-hidden className="size-3 shrink-0 text-pass" />
        ) : (
          <Copy aria-hidden className="size-3 shrink-0 text-faint" />
        )}
        <span aria-live="polite" className="sr-only">
          {isCopied ? "Copied" : ""}
        </span>
      </button>
    </Tooltip>
  );
}
