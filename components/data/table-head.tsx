import { ArrowDown, ArrowUp, ChevronsUpDown } from "lucide-react";
import { Checkbox } from "../ui/checkbox";
import { cn } from "../ui/cn";
import { type Column, type DataTableProps, type Selection, type Sort, startsGroup } from "./table-types";

/** Groups above, names below; a sorted column says so. Stays in sight while the rows scroll. */
export function TableHead<Row>({ columns, rows, rowKey, selection, sort, onSort }: DataTableProps<Row>) {
  return (
    <thead className="layer-bar sticky top-0 bg-surface-raised">
      <GroupRow columns={columns} hasSelection={Boolean(selection)} />
      <tr>
        {selection && (
          <th scope="col" className="layer-sticky sticky left-0 w-8 border-b border-line bg-surface-raised pl-3.5">
            <SelectAll keys={rows.map(rowKey)} selection={selection} />
          </th>
        )}
        {columns.map((column, index) => (
          <th
            key={column.id}
            scope="col"
            aria-sort={ariaSort(directionOf(column, sort))}
            className={cn(
              "h-8 border-b border-line px-2.5 text-xs font-normal whitespace-nowrap text-muted last:pr-3.5",
              index === 0 && "layer-sticky sticky bg-surface-raised",
              index === 0 && (selection ? "left-8 pl-2" : "left-0 pl-3.5"),
              column.align === "right" && "text-right",
              startsGroup(columns, index) && "border-l",
            )}
          >
            <HeadName column={column} direction={directionOf(column, sort)} onSort={onSort} />
          </th>
        ))}
      </tr>
    </thead>
  );
}

type Direction = Sort["direction"] | null;

function directionOf<Row>(column: Column<Row>, sort: Sort | null | undefined): Direction {
  return sort && sort.key === column.sortKey ? sort.direction : null;
}

function ariaSort(direction: Direction): "ascending" | "descending" | undefined {
  if (direction === null) return undefined;
  return direction === "asc" ? "ascending" : "descending";
}

const SORT_ICONS = { asc: ArrowUp, desc: ArrowDown, none: ChevronsUpDown } as const;

type HeadNameProps<Row> = { column: Column<Row>; direction: Direction; onSort: ((sort: Sort) => void) | undefined };

function HeadName<Row>({ column, direction, onSort }: HeadNameProps<Row>) {
  const { sortKey } = column;
  if (!sortKey || !onSort) return column.header;
  const Icon = SORT_ICONS[direction ?? "none"];
  return (
    <button
      type="button"
      onClick={() => onSort({ key: sortKey, direction: direction === "desc" ? "asc" : "desc" })}
      className={cn(
        "group -mx-1 inline-flex h-6 items-center gap-1 rounded-sm px-1 hover:text-text",
        direction && "font-semibold text-text",
        column.align === "right" && "flex-row-reverse",
      )}
    >
      {column.header}
      <Icon
        aria-hidden
        className={cn("size-3.5", !direction && "opacity-0 group-hover:opacity-60 group-focus-visible:opacity-60")}
      />
    </button>
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
          className={cn(
            "h-6 px-2.5 pt-1 text-2xs font-normal text-muted",
            index === 0 ? "pl-3.5" : "border-l border-line",
          )}
        >
          {span.name}
        </th>
      ))}
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
      onChange={(event) =>
        selection.onChange(
          event.target.checked
            ? new Set([...selection.selected, ...keys])
            : new Set([...selection.selected].filter((key) => !keys.includes(key))),
        )
      }
    />
  );
}
