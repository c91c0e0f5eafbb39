import type { Route } from "next";
import type { ReactNode } from "react";

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

export type Selection = {
  readonly selected: ReadonlySet<string>;
  readonly onChange: (selected: ReadonlySet<string>) => void;
};

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

export function startsGroup<Row>(columns: readonly Column<Row>[], index: number): boolean {
  return index > 0 && columns[index]?.group !== columns[index - 1]?.group;
}

export function withKey(selected: ReadonlySet<string>, key: string, isIn: boolean): ReadonlySet<string> {
  const next = new Set(selected);
  if (isIn) next.add(key);
  else next.delete(key);
  return next;
}
