"use client";
import { type ComponentProps, type ReactNode, useId } from "react";
import { cn } from "./cn";

/** A native checkbox in our colours. `isMixed` for "some of them". */
export function Checkbox({ className, isMixed = false, ...rest }: ComponentProps<"input"> & { isMixed?: boolean }) {
  return (
    <input
      {...rest}
      type="checkbox"
      ref={(element) => {
        if (element) element.indeterminate = isMixed;
      }}
      className={cn("size-4 shrink-0 rounded-sm border-line-strong accent-accent pointer-coarse:size-5", className)}
    />
  );
}

/** A checkbox with its sentence; the whole line is the target. */
export function CheckboxLine({
  children,
  hint,
  className,
  ...rest
}: ComponentProps<"input"> & { children: ReactNode; hint?: ReactNode }) {
  const id = useId();
  const hintId = `${id}-hint`;
  return (
    <label htmlFor={id} className={cn("flex items-start gap-2.5 py-1 text-sm", className)}>
      <Checkbox {...rest} id={id} className="mt-0.5" aria-describedby={hint ? hintId : undefined} />
      <span>
        {children}
        {hint && (
          <span id={hintId} className="block text-xs text-muted">
            {hint}
          </span>
        )}
      </span>
    </label>
  );
}
