"use client";
import { Check, Copy } from "lucide-react";
import { Button } from "./button";
import { cn } from "./cn";
import { useCopy } from "./copy-id";
import { ScrollRegion } from "./scroll-region";

/** Lines to paste, or a text as it was sent; wide lines scroll inside. */
export function CodeBlock({ code, label, className }: { code: string; label: string; className?: string }) {
  const { isCopied, copy } = useCopy();
  return (
    <div className={cn("relative max-w-full min-w-0 rounded-md border border-line bg-surface-sunken", className)}>
      <ScrollRegion label={label} className="rounded-md">
        <pre className="w-fit px-3 py-2.5 pr-20 text-xs leading-5">
          <code>{code}</code>
        </pre>
      </ScrollRegion>
      <Button size="sm" className="absolute top-1.5 right-1.5" onClick={() => copy(code)} aria-label={`Copy ${label}`}>
        {isCopied ? <Check aria-hidden /> : <Copy aria-hidden />}
        <span aria-live="polite">{isCopied ? "Copied" : "Copy"}</span>
      </Button>
    </div>
  );
}
