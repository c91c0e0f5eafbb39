import { CircleAlert } from "lucide-react";
import { type ComponentProps, type ReactNode, useId } from "react";
import { cn } from "./cn";

/** What `Field` hands to its control. */
export type FieldProps = {
  readonly id: string;
  readonly "aria-describedby": string | undefined;
  readonly "aria-invalid": true | undefined;
};

/** Label, control, hint and error, tied together for screen readers. */
export function Field(props: {
  label: string;
  hint?: ReactNode;
  error?: string | null | undefined;
  isOptional?: boolean;
  className?: string;
  children: (field: FieldProps) => ReactNode;
}) {
  const id = useId();
  const hintId = `${id}-hint`;
  const errorId = `${id}-error`;
  const describedBy = [props.error ? errorId : null, props.hint ? hintId : null].filter(Boolean).join(" ") || undefined;
  return (
    <div className={cn("flex min-w-0 flex-col gap-1.5", props.className)}>
      <label htmlFor={id} className="text-sm font-semibold">
        {props.label}
        {props.isOptional && <span className="font-normal text-faint"> (optional)</span>}
      </label>
      {props.children({ id, "aria-describedby": describedBy, "aria-invalid": props.error ? true : undefined })}
      {props.hint && (
        <p id={hintId} className="text-xs text-muted">
          {props.hint}
        </p>
      )}
      {props.error && <FieldError id={errorId}>{props.error}</FieldError>}
    </div>
  );
}

export function FieldError({ id, children }: { id?: string; children: ReactNode }) {
  return (
    <p id={id} className="flex items-start gap-1.5 text-xs text-fail">
      <CircleAlert aria-hidden className="mt-0.5 size-3.5 shrink-0" />
      <span>{children}</span>
    </p>
  );
}

const control =
  "w-full min-w-0 rounded-md border border-line-strong bg-surface-raised px-2.5 text-sm text-text transition-colors duration-150 hover:border-faint aria-invalid:border-fail disabled:bg-surface-sunken disabled:text-muted pointer-coarse:text-lg";

export function Input({ className, ...rest }: ComponentProps<"input">) {
  return <input {...rest} className={cn(control, "h-8 pointer-coarse:h-11", className)} />;
}

export function Textarea({ className, rows = 3, ...rest }: ComponentProps<"textarea">) {
  return <textarea rows={rows} {...rest} className={cn(control, "min-h-16 resize-y py-1.5", className)} />;
}

export type Option<Value extends string = string> = {
  readonly value: Value;
  readonly label: string;
  readonly disabled?: boolean;
};

/** The browser's own list: works with every keyboard, reader and phone. */
export function Select({
  options,
  placeholder,
  className,
  ...rest
}: ComponentProps<"select"> & { options: readonly Option[]; placeholder?: string }) {
  return (
    <span className={cn("relative block min-w-0", className)}>
      <select {...rest} className={cn(control, "h-8 appearance-none truncate pr-8 pointer-coarse:h-11")}>
        {placeholder !== undefined && <option value="">{placeholder}</option>}
        {options.map((option) => (
          <option key={option.value} value={option.value} disabled={option.disabled}>
            {option.label}
          </option>
        ))}
      </select>
      <svg
        aria-hidden
        viewBox="0 0 16 16"
        className="pointer-events-none absolute top-1/2 right-2.5 size-3.5 -translate-y-1/2 text-muted"
      >
        <path
          d="m4 6 4 4 4-4"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.5"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </svg>
    </span>
  );
}
