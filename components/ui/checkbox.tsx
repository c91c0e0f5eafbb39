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

/** On or off, at once. */
export function Switch(props: { isOn: boolean; onChange: (isOn: boolean) => void; label: string; disabled?: boolean }) {
  return (
    <button
      type="button"
      role="switch"
      aria-checked={props.isOn}
      aria-label={props.label}
      disabled={props.disabled}
      onClick={() => props.onChange(!props.isOn)}
      className="relative h-5 w-9 shrink-0 rounded-full border border-line-strong bg-surface-sunken transition-colors duration-150 aria-checked:border-accent aria-checked:bg-accent"
    >
      <span
        aria-hidden
        className={cn(
          "absolute top-0.5 left-0.5 size-3.5 rounded-full bg-muted transition-transform duration-150",
          props.isOn && "translate-x-4 bg-on-accent",
        )}
      />
    </button>
  );
}
