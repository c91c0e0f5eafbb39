"use client";
import { ListFilter, X } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "../ui/button";
import { CheckboxLine } from "../ui/checkbox";
import { Popover } from "../ui/menu";

/** Chips in a row, the count of what matches at the right. Each chip's value lives in the URL (nuqs). */
export function FilterBar({
  children,
  summary,
  onClear,
  isFiltered = false,
}: {
  children: ReactNode;
  summary?: ReactNode;
  onClear?: () => void;
  isFiltered?: boolean;
}) {
  return (
    <search aria-label="Filters" className="mb-3 flex flex-wrap items-center gap-2">
      {children}
      {isFiltered && onClear && (
        <Button tone="ghost" size="sm" onClick={onClear}>
          <X aria-hidden />
          Clear
        </Button>
      )}
      {summary && <span className="figures ml-auto text-xs text-muted">{summary}</span>}
    </search>
  );
}

export type FilterOption = { readonly value: string; readonly label: string; readonly count?: number | undefined };

/** One field: any of the ticked values matches (OR); chips together narrow (AND). `null` is "any". */
export function FilterChip(props: {
  label: string;
  options: readonly FilterOption[];
  selected: readonly string[];
  onChange: (selected: string[] | null) => void;
}) {
  const { label, options, selected } = props;
  const chosen = options.filter((option) => selected.includes(option.value)).map((option) => option.label);
  const toggle = (value: string, isIn: boolean) => {
    const next = isIn ? [...selected, value] : selected.filter((each) => each !== value);
    props.onChange(next.length > 0 ? next : null);
  };
  return (
    <Popover
      label={`Filter by ${label.toLowerCase()}`}
      trigger={
        <button
          type="button"
          className="inline-flex h-6 max-w-full items-center gap-1.5 rounded-md border border-line bg-surface-raised px-2 text-xs transition-colors duration-150 hover:border-line-strong data-[state=open]:border-accent pointer-coarse:h-10"
        >
          <ListFilter aria-hidden className="size-3 shrink-0 text-faint" />
          <span className="text-muted">{label}</span>
          <span className="truncate font-semibold">{chosen.length > 0 ? chosen.join(", ") : "any"}</span>
        </button>
      }
    >
      <fieldset className="flex max-h-72 flex-col overflow-y-auto">
        <legend className="sr-only">{label}</legend>
        {options.length === 0 && <p className="text-sm text-muted">Nothing to choose from yet.</p>}
        {options.map((option) => (
          <CheckboxLine
            key={option.value}
            checked={selected.includes(option.value)}
            onChange={(event) => toggle(option.value, event.target.checked)}
          >
            <span className="flex justify-between gap-3">
              {option.label}
              {option.count !== undefined && (
                <span className="figures text-muted">{option.count.toLocaleString("en-GB")}</span>
              )}
            </span>
          </CheckboxLine>
        ))}
      </fieldset>
    </Popover>
  );
}
