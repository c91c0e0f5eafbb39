"use client";
import { Columns3, X } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "../ui/button";
import { CheckboxLine } from "../ui/checkbox";
import { Popover } from "../ui/menu";
import { countOf } from "./format";

/** The line under the rows: how many are shown, and the next page. */
export function LoadMore(props: {
  shown: number;
  total?: number | undefined;
  noun: string;
  hasMore: boolean;
  isLoading: boolean;
  onLoad: () => void;
}) {
  return (
    <div className="flex min-h-10 flex-wrap items-center justify-between gap-2 border-t border-line px-3.5 py-1.5 text-xs text-muted">
      <span className="figures">
        {props.total === undefined
          ? countOf(props.shown, props.noun)
          : `${props.shown.toLocaleString("en-GB")} of ${countOf(props.total, props.noun)}`}
      </span>
      {props.hasMore && (
        <Button size="sm" isPending={props.isLoading} onClick={props.onLoad}>
          Show more
        </Button>
      )}
    </div>
  );
}

/** Which columns are shown. Keep `hidden` in the URL, so that a shared link opens the same table. */
export function ColumnChooser(props: {
  columns: readonly { readonly id: string; readonly header: string; readonly group?: string }[];
  hidden: readonly string[];
  onChange: (hidden: string[]) => void;
}) {
  const [, ...choosable] = props.columns;
  return (
    <Popover
      label="Columns"
      align="end"
      trigger={
        <Button>
          <Columns3 aria-hidden />
          Columns
        </Button>
      }
    >
      <div className="flex max-h-80 flex-col overflow-y-auto">
        {choosable.map((column) => (
          <CheckboxLine
            key={column.id}
            checked={!props.hidden.includes(column.id)}
            onChange={(event) =>
              props.onChange(
                event.target.checked ? props.hidden.filter((id) => id !== column.id) : [...props.hidden, column.id],
              )
            }
          >
            {column.header}
            {column.group && <span className="text-faint"> · {column.group}</span>}
          </CheckboxLine>
        ))}
      </div>
    </Popover>
  );
}

/** What can be done with the selected rows; floats at the foot of the window while there are any. */
export function SelectionBar({
  count,
  noun,
  onClear,
  children,
}: {
  count: number;
  noun: string;
  onClear: () => void;
  children: ReactNode;
}) {
  if (count === 0) return null;
  return (
    <section
      aria-label="Selected rows"
      className="layer-bar sticky bottom-4 mx-auto mt-4 flex w-fit max-w-full animate-appear flex-wrap items-center gap-2 rounded-lg border border-line-strong bg-surface-raised py-2 pr-2 pl-3.5 shadow-overlay"
    >
      <span aria-live="polite" className="figures mr-1 text-sm font-semibold">
        {countOf(count, noun)}
      </span>
      {children}
      <Button tone="ghost" size="icon" label="Clear selection" onClick={onClear}>
        <X aria-hidden />
      </Button>
    </section>
  );
}
