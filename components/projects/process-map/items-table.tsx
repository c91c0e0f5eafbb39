"use client";
import { PROCESS_ROLES, ROLE_NAMES, roleNames } from "@/domain/identity/roles";
import { COLUMNS, ITEM_STATES, PRINCIPLES } from "@/domain/projects/process-map/types";
import { COLUMN_TITLES, PRINCIPLE_TITLES, STATE_WORDS } from "@/domain/projects/process-map/words";
import { type Column, DataTable } from "../../data/data-table";
import { FilterBar, FilterChip } from "../../data/filters";
import { countOf } from "../../data/format";
import { Button } from "../../ui/button";
import { EmptyState } from "../../ui/empty-state";
import { ItemBadge } from "./state-dot";
import { ArtefactLine } from "./step-sheet";
import type { Item, ProcessMap } from "./types";

const columns: readonly Column<Item>[] = [
  { id: "id", header: "Item", cell: (item) => <span className="font-mono text-xs whitespace-nowrap">{item.id}</span> },
  { id: "state", header: "State", onPhone: "status", cell: (item) => <ItemBadge state={item.state} /> },
  { id: "words", header: "What", onPhone: "meta", className: "min-w-64", cell: (item) => item.words },
  {
    id: "artefact",
    header: "Artefact",
    isInteractive: true,
    className: "min-w-56",
    cell: (item) => <ArtefactLine item={item} />,
  },
  {
    id: "note",
    header: "Open",
    className: "min-w-48 text-muted",
    cell: (item) => item.note ?? "–",
  },
  { id: "signers", header: "Signs", cell: (item) => (item.signers.length > 0 ? roleNames(item.signers) : "–") },
  {
    id: "principle",
    header: "Principle",
    cell: (item) => `${item.principle} ${PRINCIPLE_TITLES[item.principle]}`,
  },
];

type Filters = {
  readonly state: readonly (typeof ITEM_STATES)[number][];
  readonly principle: readonly (typeof PRINCIPLES)[number][];
  readonly phase: readonly (typeof COLUMNS)[number][];
  readonly role: readonly (typeof PROCESS_ROLES)[number][];
};
type Props = {
  map: ProcessMap;
  filters: Filters;
  onFilter: (change: Partial<{ [Key in keyof Filters]: Filters[Key][number][] | null }>) => void;
};

/** The 78 items as a table, narrowed by the filters of the address. */
export function ItemsTable({ map, filters, onFilter }: Props) {
  const rows = map.items.filter((item) => matches(map, item, filters));
  const isFiltered = Object.values(filters).some((chosen) => chosen.length > 0);
  const clear = () => onFilter({ state: null, principle: null, phase: null, role: null });
  return (
    <>
      <FilterBar isFiltered={isFiltered} onClear={clear} summary={countOf(rows.length, "item")}>
        <FilterChip
          label="State"
          options={ITEM_STATES.map((state) => ({
            value: state,
            label: STATE_WORDS[state],
            count: map.items.filter((item) => item.state === state).length,
          }))}
          selected={filters.state}
          onChange={(chosen) => onFilter({ state: ITEM_STATES.filter((one) => chosen?.includes(one)) })}
        />
        <FilterChip
          label="Phase"
          options={COLUMNS.map((column) => ({ value: column, label: COLUMN_TITLES[column] }))}
          selected={filters.phase}
          onChange={(chosen) => onFilter({ phase: COLUMNS.filter((one) => chosen?.includes(one)) })}
        />
        <FilterChip
          label="Principle"
          options={PRINCIPLES.map((one) => ({ value: one, label: `${one} ${PRINCIPLE_TITLES[one]}` }))}
          selected={filters.principle}
          onChange={(chosen) => onFilter({ principle: PRINCIPLES.filter((one) => chosen?.includes(one)) })}
        />
        <FilterChip
          label="Role"
          options={PROCESS_ROLES.map((role) => ({ value: role, label: ROLE_NAMES[role] }))}
          selected={filters.role}
          onChange={(chosen) => onFilter({ role: PROCESS_ROLES.filter((one) => chosen?.includes(one)) })}
        />
      </FilterBar>
      {rows.length === 0 ? (
        <EmptyState
          title="No items match"
          hint="Another filter may have some."
          action={<Button onClick={clear}>Clear filters</Button>}
        />
      ) : (
        <DataTable
          label="Items of the process"
          rows={rows}
          columns={columns}
          rowKey={(item) => item.id}
          density="comfortable"
        />
      )}
    </>
  );
}

function matches(map: ProcessMap, item: Item, { state, principle, phase, role }: Filters): boolean {
  const column = map.steps.find((step) => step.id === item.step)?.column;
  const isIn = <Value,>(chosen: readonly Value[], value: Value | undefined) =>
    chosen.length === 0 || (value !== undefined && chosen.includes(value));
  return (
    isIn(state, item.state) &&
    isIn(principle, item.principle) &&
    isIn(phase, column) &&
    (role.length === 0 || role.some((one) => item.roles.includes(one)))
  );
}
