"use client";
import Link from "next/link";
import { Checkbox } from "../ui/checkbox";
import { cn } from "../ui/cn";
import { RowLink, useRowLinks } from "./row-link";
import { type DataTableProps, withKey } from "./table-types";

/** The table's form on a phone: one card line a row, title and state on top, the other columns by name below. */
export function CardList<Row>(props: DataTableProps<Row>) {
  const { columns, rows, selection, rowHref, rowKey } = props;
  const onClick = useRowLinks();
  const [title, ...rest] = columns;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the links answer to the keyboard themselves
    <ul aria-label={props.label} aria-busy={props.isRefreshing || undefined} onClick={onClick}>
      {rows.map((row) => {
        const key = rowKey(row);
        const href = rowHref?.(row);
        const isSelected = selection?.selected.has(key) ?? false;
        return (
          <li
            key={key}
            className={cn(
              "relative flex gap-3 border-b border-line px-3.5 py-3 last:border-b-0",
              isSelected && "shadow-[inset_2px_0_0_var(--accent)]",
            )}
          >
            {href && <RowLink href={href} />}
            {selection && (
              <Checkbox
                className="relative mt-0.5"
                checked={isSelected}
                aria-label={`Select ${props.rowName?.(row) ?? key}`}
                onChange={(event) => selection.onChange(withKey(selection.selected, key, event.target.checked))}
              />
            )}
            <div className={cn("relative min-w-0 flex-1", href && "pointer-events-none")}>
              <div className="flex flex-wrap items-start justify-between gap-x-3 gap-y-1">
                <div className="min-w-0 font-semibold break-words">
                  {href ? (
                    <Link href={href} className="pointer-events-auto">
                      {title?.cell(row)}
                    </Link>
                  ) : (
                    title?.cell(row)
                  )}
                </div>
                {rest
                  .filter((column) => column.onPhone === "status")
                  .map((column) => (
                    <div key={column.id}>{column.cell(row)}</div>
                  ))}
              </div>
              <Details columns={rest} row={row} />
            </div>
          </li>
        );
      })}
    </ul>
  );
}

function Details<Row>({ columns, row }: { columns: DataTableProps<Row>["columns"]; row: Row }) {
  const meta = columns.filter((column) => column.onPhone === "meta");
  const isControl = (column: (typeof columns)[number]) => column.isInteractive === true && column.onPhone === undefined;
  const values = columns.filter((column) => (column.onPhone ?? "value") === "value" && !isControl(column));
  const controls = columns.filter(isControl);
  return (
    <>
      {meta.length > 0 && (
        <div className="mt-0.5 flex flex-wrap gap-x-3 text-xs text-muted">
          {meta.map((column) => (
            <span key={column.id} className={cn("min-w-0 break-words", column.isInteractive && "pointer-events-auto")}>
              {column.cell(row)}
            </span>
          ))}
        </div>
      )}
      {values.length > 0 && (
        <dl className={cn("mt-1.5 grid gap-x-4 gap-y-0.5 text-sm", values.length > 2 && "grid-cols-2")}>
          {values.map((column) => (
            <div key={column.id} className="flex min-w-0 flex-wrap justify-between gap-x-2">
              <dt className="text-xs leading-5 text-muted">{column.header}</dt>
              <dd
                className={cn(
                  "min-w-0 break-words",
                  column.align === "right" && "figures",
                  column.isInteractive && "pointer-events-auto",
                )}
              >
                {column.cell(row)}
              </dd>
            </div>
          ))}
        </dl>
      )}
      {controls.length > 0 && (
        <div className="pointer-events-auto mt-2 flex flex-wrap gap-2">
          {controls.map((column) => (
            <div key={column.id}>{column.cell(row)}</div>
          ))}
        </div>
      )}
    </>
  );
}
