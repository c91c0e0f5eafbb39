"use client";
import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import { type ReactNode, useRef } from "react";
import { Button } from "./button";
import { cn } from "./cn";

type DialogProps = {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  title: string;
  /** One sentence under the title, read out when the dialogue opens. */
  description?: ReactNode;
  children: ReactNode;
  /** Buttons, the main one last. */
  footer?: ReactNode;
  width?: "sm" | "md" | "lg";
  /** Only its own buttons close it: what it shows is lost with it. */
  isHeld?: boolean;
};

const WIDTHS = { sm: "max-w-md", md: "max-w-xl", lg: "max-w-3xl" } as const;

/** Traps the focus, closes by Escape, gives the focus back to its opener. */
export function Dialog({
  isOpen,
  onOpenChange,
  title,
  description,
  children,
  footer,
  width = "sm",
  isHeld,
}: DialogProps) {
  const hold = (event: Event) => {
    if (isHeld) event.preventDefault();
  };
  const opener = useRef<Element | null>(null);
  return (
    <Radix.Root open={isOpen} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="layer-overlay fixed inset-0 grid animate-appear items-end overflow-y-auto bg-scrim sm:place-items-center sm:p-6">
          <Radix.Content
            {...(description ? {} : { "aria-describedby": undefined })}
            // The primitive gives the focus back to a trigger of its own, which these dialogues have not.
            onOpenAutoFocus={() => {
              opener.current = document.activeElement;
            }}
            onCloseAutoFocus={(event) => {
              event.preventDefault();
              if (opener.current instanceof HTMLElement) opener.current.focus();
            }}
            onEscapeKeyDown={hold}
            onInteractOutside={hold}
            className={cn(
              "w-full rounded-t-xl border border-line-strong bg-surface-raised shadow-overlay sm:rounded-lg",
              WIDTHS[width],
            )}
          >
            <header className="flex items-start gap-3 border-b border-line px-4 py-3">
              <div className="min-w-0 flex-1">
                <Radix.Title className="text-lg font-semibold">{title}</Radix.Title>
                {description && (
                  <Radix.Description className="mt-0.5 text-sm text-muted">{description}</Radix.Description>
                )}
              </div>
              {!isHeld && (
                <Radix.Close asChild>
                  <Button tone="ghost" size="icon-sm" aria-label="Close">
                    <X aria-hidden />
                  </Button>
                </Radix.Close>
              )}
            </header>
            <div className="px-4 py-4">{children}</div>
            {footer && (
              <footer className="flex flex-wrap justify-end gap-2 border-t border-line px-4 py-3">{footer}</footer>
            )}
          </Radix.Content>
        </Radix.Overlay>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** A panel from the side: the rail on a phone, a peek at a row. */
export function Sheet({
  isOpen,
  onOpenChange,
  title,
  children,
  side = "right",
}: {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  title: string;
  children: ReactNode;
  side?: "left" | "right";
}) {
  return (
    <Radix.Root open={isOpen} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="layer-overlay fixed inset-0 animate-appear bg-scrim" />
        <Radix.Content
          aria-describedby={undefined}
          className={cn(
            "layer-overlay fixed inset-y-0 flex w-[min(26rem,88vw)] flex-col overflow-y-auto bg-surface-raised shadow-overlay",
            side === "left"
              ? "left-0 animate-slide-in border-r border-line"
              : "right-0 animate-appear border-l border-line",
          )}
        >
          <Radix.Title className="sr-only">{title}</Radix.Title>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
