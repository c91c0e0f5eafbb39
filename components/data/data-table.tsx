"use client";
import { ArrowDown, ArrowUp, ChevronsUpDown } from "lucide-react";
import type { Route } from "next";
import Link from "next/link";
import { type ReactNode, useSyncExternalStore } from "react";
import { Checkbox } from "../ui/checkbox";
import { cn } from "../ui/cn";
import { CardList } from "./card-list";
import { RowLink, useRowLinks } from "./row-link";

export type Column<Row> = {
  readonly id: string;
  readonly header: string;
  /** Columns that follow each other in one group stand under one heading, with a line before it. */
  readonly group?: string;
  readonly cell: (row: Row) => ReactNode;
  /** `right` for figures: tabular digits. */
  readonly align?: "left" | "right";
  /** What the server sorts by; without it the column does not sort. */
  readonly sortKey?: string;
  /** On a phone: beside the title (`status`), below it (`meta`), with its name (`value`, the default), or not at all. */
  readonly onPhone?: "status" | "meta" | "value" | "none";
  /** Holds controls of its own, which lie above the row's link. */
  readonly isInteractive?: boolean;
  readonly className?: string;
};

export type Sort = { readonly key: string; readonly direction: "asc" | "desc" };

export type Selection = { readonly selected: ReadonlySet<string>; readonly onChange: (selected: ReadonlySet<string>) => void };

export type DataTableProps<Row> = {
  /** Names the table for screen readers: "Experiment runs". */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  /** A plain word for the row, where it is selected: its name. */
  readonly rowName?: (row: Row) => string;
  readonly rowHref?: (row: Row) => Route;
  readonly sort?: Sort | null;
  readonly onSort?: (sort: Sort) => void;
  readonly selection?: Selection;
  readonly density?: "dense" | "comfortable";
  /** Old rows are still shown while new ones are on their way. */
  readonly isRefreshing?: boolean;
  /** Below the rows: `<LoadMore …/>`. */
  readonly footer?: ReactNode;
  /** Inside a card, which has the border. */
  readonly isBare?: boolean;
};

/** The one table: sorted, filtered and paged by the server; head and first column stay; each row is a link; cards on a phone. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const width = useSyncExternalStore(subscribeToWidth, widthNow, widthOnServer);
  return (
    <div className={cn("relative min-w-0", !props.isBare && "overflow-clip rounded-lg border border-line bg-surface-raised")}>
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
  const { columns, rows, selection, rowKey } = props;
  const keys = rows.map(rowKey);
  const onClick = useRowLinks();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <div className={cn("max-h-[85dvh] overflow-auto -outline-offset-2", props.isHiddenOnPhone && "max-sm:hidden")} tabIndex={0} role="region" aria-label={props.label}>
      <table className="w-full border-separate border-spacing-0 text-left text-sm" aria-label={props.label} aria-busy={props.isRefreshing || undefined}>
        <thead className="layer-bar sticky top-0 bg-surface-raised">
          <GroupRow columns={columns} hasSelection={Boolean(selection)} />
          <tr>
            {selection && (
              <th scope="col" className="layer-sticky sticky left-0 w-8 border-b border-line bg-surface-raised pl-3.5">
                <SelectAll keys={keys} selection={selection} />
              </th>
            )}
            {columns.map((column, index) => (
              <HeadCell key={column.id} column={column} isFirst={index === 0} hasSelection={Boolean(selection)} startsGroup={startsGroup(columns, index)} sort={props.sort ?? null} onSort={props.onSort} />
            ))}
          </tr>
        </thead>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: passes clicks on to the links in the rows */}
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: the links answer to the keyboard themselves */}
        <tbody onClick={onClick} className="figures">
          {rows.map((row) => (
            <BodyRow key={rowKey(row)} row={row} {...props} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function GroupRow<Row>({ columns, hasSelection }: { columns: readonly Column<Row>[]; hasSelection: boolean }) {
  if (!columns.some((column) => column.group)) return null;
  const spans: { name: string; from: number; count: number }[] = [];
  for (const [index, column] of columns.entries()) {
    const last = spans.at(-1);
    if (last && last.name === (column.group ?? "")) last.count += 1;
    else spans.push({ name: column.group ?? "", from: index, count: 1 });
  }
  return (
    <tr>
      {spans.map((span, index) => (
        <th
          key={span.from}
          scope="colgroup"
          colSpan={span.count + (hasSelection && index === 0 ? 1 : 0)}
          className={cn("h-6 px-2.5 pt-1 text-2xs font-normal text-muted", index === 0 ? "pl-3.5" : "border-l border-line")}
        >
          {span.name}
        </th>
      ))}
    </tr>
  );
}

type HeadCellProps<Row> = { column: Column<Row>; isFirst: boolean; hasSelection: boolean; startsGroup: boolean; sort: Sort | null; onSort: ((sort: Sort) => void) | undefined };

function HeadCell<Row>({ column, isFirst, hasSelection, startsGroup, sort, onSort }: HeadCellProps<Row>) {
  const isSorted = sort !== null && sort.key === column.sortKey;
  const direction = isSorted ? sort.direction : null;
  const Icon = direction === "asc" ? ArrowUp : direction === "desc" ? ArrowDown : ChevronsUpDown;
  return (
    <th
      scope="col"
      aria-sort={direction === "asc" ? "ascending" : direction === "desc" ? "descending" : undefined}
      className={cn(
        "h-8 border-b border-line px-2.5 text-xs font-normal whitespace-nowrap text-muted last:pr-3.5",
        isFirst && "layer-sticky sticky bg-surface-raised",
        isFirst && (hasSelection ? "left-8 pl-2" : "left-0 pl-3.5"),
        column.align === "right" && "text-right",
        startsGroup && "border-l",
      )}
    >
      {column.sortKey && onSort ? (
        <button
          type="button"
          onClick={() => onSort({ key: column.sortKey ?? column.id, direction: direction === "desc" ? "asc" : "desc" })}
          className={cn("group -mx-1 inline-flex h-6 items-center gap-1 rounded-sm px-1 hover:text-text", isSorted && "font-semibold text-text", column.align === "right" && "flex-row-reverse")}
        >
          {column.header}
          <Icon aria-hidden className={cn("size-3.5", !isSorted && "opacity-0 group-hover:opacity-60 group-focus-visible:opacity-60")} />
        </button>
      ) : (
        column.header
      )}
    </th>
  );
}

function BodyRow<Row>({ row, ...props }: DataTableProps<Row> & { row: Row }) {
  const { columns, selection, rowKey, rowHref } = props;
  const key = rowKey(row);
  const isSelected = selection?.selected.has(key) ?? false;
  const href = rowHref?.(row);
  const background = isSelected ? "bg-accent-soft" : "bg-surface-raised group-hover:bg-surface-sunken";
  const cell = cn("relative border-b border-line px-2.5 group-last:border-b-0 last:pr-3.5", props.density === "comfortable" ? "h-10 py-1.5" : "h-8 py-1", background);
  return (
    <tr className="group" aria-selected={selection ? isSelected : undefined}>
      {selection && (
        <td className={cn(cell, "layer-sticky sticky left-0 w-8 pl-3.5", isSelected && "shadow-[inset_2px_0_0_var(--accent)]")}>
          <Checkbox checked={isSelected} aria-label={`Select ${props.rowName?.(row) ?? key}`} onChange={(event) => selection.onChange(withKey(selection.selected, key, event.target.checked))} />
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
              column.align === "right" && "text-right whitespace-nowrap",
              startsGroup(columns, index) && "border-l",
              column.className,
            )}
          >
            {href && !isFirst && <RowLink href={href} />}
            {href && isFirst ? (
              <Link href={href} className="relative block truncate hover:text-accent after:absolute after:-inset-y-1.5 after:-inset-x-2">
                {column.cell(row)}
              </Link>
            ) : (
              <span className={cn("relative", href && !column.isInteractive && "pointer-events-none")}>{column.cell(row)}</span>
            )}
          </td>
        );
      })}
    </tr>
  );
}

function SelectAll({ keys, selection }: { keys: readonly string[]; selection: Selection }) {
  const chosen = keys.filter((key) => selection.selected.has(key)).length;
  return (
    <Checkbox
      aria-label="Select all shown rows"
      checked={keys.length > 0 && chosen === keys.length}
      isMixed={chosen > 0 && chosen < keys.length}
      onChange={(event) => selection.onChange(event.target.checked ? new Set([...selection.selected, ...keys]) : new Set([...selection.selected].filter((key) => !keys.includes(key))))}
    />
  );
}

function startsGroup<Row>(columns: readonly Column<Row>[], index: number): boolean {
  return index > 0 && columns[index]?.group !== columns[index - 1]?.group;
}

export function withKey(selected: ReadonlySet<string>, key: string, isIn: boolean): ReadonlySet<string> {
  const next = new Set(selected);
  if (isIn) next.add(key);
  else next.delete(key);
  return next;
}
