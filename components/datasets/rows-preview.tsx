"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { useQueryStates } from "nuqs";
import { formatCount } from "../data/format";
import { useProject } from "../providers/project";
import { useTRPC } from "../providers/trpc";
import { Button } from "../ui/button";
import { cn } from "../ui/cn";
import { ErrorPanel } from "../ui/error-panel";
import { ScrollRegion } from "../ui/scroll-region";
import { TableSkeleton } from "../ui/skeleton";
import type { DatasetVersion } from "./dataset-view";
import { datasetView, previewPage } from "./filters";

type Cell = string | number | boolean | null;

/** Rows of the version in its own order, fifty at a time. */
export function RowsPreview({ version }: { version: DatasetVersion }) {
  const trpc = useTRPC();
  const project = useProject();
  const [{ from }, setView] = useQueryStates(datasetView);
  const { offset, limit } = previewPage(from, version.rows);
  const query = useQuery(
    trpc.data.previewRows.queryOptions(
      { projectId: project.id, datasetVersionId: version.id, offset, limit },
      { placeholderData: keepPreviousData },
    ),
  );
  if (query.error) return <ErrorPanel error={query.error} onRetry={() => query.refetch()} />;
  if (!query.data) return <TableSkeleton rows={12} columns={version.schema.length} className="rounded-none border-0" />;
  const last = Math.min(offset + limit, version.rows);
  return (
    <>
      <SampleTable
        label={`Rows of version ${version.version}`}
        rows={query.data.rows}
        columns={version.schema}
        firstRow={offset + 1}
      />
      <div className="flex min-h-10 flex-wrap items-center justify-between gap-2 border-t border-line px-3.5 py-1.5 text-xs text-muted">
        <span className="figures" aria-live="polite">
          Rows {formatCount(offset + 1)} to {formatCount(last)} of {formatCount(version.rows)}
        </span>
        <span className="flex gap-2">
          <Button
            size="sm"
            disabledReason={offset === 0 ? "These are the first rows." : null}
            onClick={() => setView({ from: Math.max(0, offset - limit) })}
          >
            <ChevronLeft aria-hidden />
            Before
          </Button>
          <Button
            size="sm"
            disabledReason={last >= version.rows ? "These are the last rows." : null}
            onClick={() => setView({ from: offset + limit })}
          >
            Next
            <ChevronRight aria-hidden />
          </Button>
        </span>
      </div>
    </>
  );
}

/** Plain rows in a scrolling table; numbers to the right, missing values as a word. */
export function SampleTable(props: {
  label: string;
  rows: readonly Readonly<Record<string, Cell>>[];
  columns: readonly { readonly name: string; readonly type?: string }[];
  firstRow?: number;
}) {
  const isNumber = (column: (typeof props.columns)[number]) =>
    column.type === "integer" || column.type === "double" || typeof props.rows[0]?.[column.name] === "number";
  const head = "border-b border-line bg-surface-raised px-2.5 py-1.5 font-medium whitespace-nowrap text-muted";
  return (
    <ScrollRegion label={props.label} className="max-h-[70dvh]">
      <table className="w-full border-separate border-spacing-0 text-left text-xs" aria-label={props.label}>
        <thead className="layer-sticky sticky top-0">
          <tr>
            {props.firstRow !== undefined && (
              <th scope="col" className={cn(head, "pl-3.5 text-right")}>
                Row
              </th>
            )}
            {props.columns.map((column) => (
              <th key={column.name} scope="col" className={cn(head, "first:pl-3.5", isNumber(column) && "text-right")}>
                {column.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.rows.map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows of a table have no other name than their place
            <tr key={index} className="hover:bg-surface-sunken">
              {props.firstRow !== undefined && (
                <td className="figures border-b border-line py-1 pr-2.5 pl-3.5 text-right text-faint">
                  {props.firstRow + index}
                </td>
              )}
              {props.columns.map((column) => (
                <td
                  key={column.name}
                  className={cn(
                    "max-w-80 truncate border-b border-line px-2.5 py-1 whitespace-nowrap first:pl-3.5",
                    isNumber(column) && "figures text-right",
                  )}
                >
                  <CellText value={row[column.name]} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function CellText({ value }: { value: Cell | undefined }) {
  if (value === null || value === undefined) return <span className="text-faint italic">missing</span>;
  return typeof value === "number" ? Number(value.toPrecision(8)).toString() : String(value);
}
