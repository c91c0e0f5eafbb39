"use client";
import Link from "next/link";
import { useSyncExternalStore } from "react";
import { Checkbox } from "../ui/checkbox";
import { cn } from "../ui/cn";
import { ScrollRegion } from "../ui/scroll-region";
import { CardList } from "./card-list";
import { RowLink, useRowLinks } from "./row-link";
import { TableHead } from "./table-head";
import { type DataTableProps, startsGroup, withKey } from "./table-types";

export type { Column } from "./table-types";

/** The one table: sorted, filtered and paged by the server; head and first column stay; each row is a link; cards on a phone. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const width = useSyncExternalStore(subscribeToWidth, widthNow, widthOnServer);
  return (
    <div
      className={cn(
        "relative min-w-0",
        !props.isBare && "overflow-clip rounded-lg border border-line bg-surface-raised",
      )}
    >
      {props.isRefreshing && <div className="layer-bar absolute inset-x-0 top-0 h-0.5 animate-breathe bg-accent" />}
      {width === "narrow" ? <CardList {...props} /> : <Table {...props} isHiddenOnPhone={width === "unknown"} />}
      {props.footer}
    </div>
  );
}

const NARROW = "(max-width: 639.98px)";

function subscribeToWidth(listener: () => void): () => void {
  const query = window.matchMedia(NARROW);
  query.addEventListener("change", listener);
  return () => query.removeEventListener("change", listener);
}
const widthNow = () => (window.matchMedia(NARROW).matches ? "narrow" : "wide");
const widthOnServer = () => "unknown" as const;

function Table<Row>(props: DataTableProps<Row> & { isHiddenOnPhone: boolean }) {
  const onClick = useRowLinks();
  return (
    <ScrollRegion label={props.label} className={cn("max-h-[85dvh]", props.isHiddenOnPhone && "max-sm:hidden")}>
      <table
        className="w-full border-separate border-spacing-0 text-left text-sm"
        aria-label={props.label}
        aria-busy={props.isRefreshing || undefined}
      >
        <TableHead {...props} />
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: the links answer to the keyboard themselves */}
        <tbody onClick={onClick}>
          {props.rows.map((row) => (
            <BodyRow key={props.rowKey(row)} row={row} {...props} />
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function BodyRow<Row>({ row, ...props }: DataTableProps<Row> & { row: Row }) {
  const { columns, selection, rowKey, rowHref } = props;
  const key = rowKey(row);
  const isSelected = selection?.selected.has(key) ?? false;
  const href = rowHref?.(row);
  const background = "bg-surface-raised group-hover:bg-surface-sunken";
  const cell = cn(
    "relative border-b border-line px-2.5 group-last:border-b-0 last:pr-3.5",
    props.density === "comfortable" ? "h-10 py-1.5" : "h-8 py-1",
    background,
  );
  return (
    <tr className="group" aria-selected={selection ? isSelected : undefined}>
      {selection && (
        <td
          className={cn(
            cell,
            "layer-sticky sticky left-0 w-8 pl-3.5",
            isSelected && "shadow-[inset_2px_0_0_var(--accent)]",
          )}
        >
          <Checkbox
            checked={isSelected}
            aria-label={`Select ${props.rowName?.(row) ?? key}`}
            onChange={(event) => selection.onChange(withKey(selection.selected, key, event.target.checked))}
          />
        </td>
      )}
      {columns.map((column, index) => {
        const isFirst = index === 0;
        return (
          <td
            key={column.id}
            className={cn(
              cell,
              isFirst && "layer-sticky sticky font-semibold",
              isFirst && (selection ? "left-8 pl-2" : "left-0 pl-3.5"),
              column.align === "right" && "figures text-right whitespace-nowrap",
              startsGroup(columns, index) && "border-l",
              column.className,
            )}
          >
            {href && !isFirst && <RowLink href={href} />}
            {href && isFirst ? (
              <Link
                href={href}
                className="relative block truncate hover:text-accent after:absolute after:-inset-y-1.5 after:-inset-x-2"
              >
                {column.cell(row)}
              </Link>
            ) : (
              <span className={cn("relative", href && !column.isInteractive && "pointer-events-none")}>
                {column.cell(row)}
              </span>
            )}
          </td>
        );
      })}
    </tr>
  );
}
