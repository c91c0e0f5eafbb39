"use client";
import { metricText, metricTitle } from "@/domain/promotions/metrics";
import { type Column, DataTable } from "../data/data-table";
import { countOf } from "../data/format";
import { Card } from "../ui/card";
import { Difference } from "./difference";
import { type Scale, SliceDots, scaleOf } from "./slice-dots";
import { SlicesButton } from "./slices-button";
import { ThreadButton } from "./thread-dialog";
import { type Review, type ReviewRecord, rangeText, type Slice, shortLabel } from "./words";

/** "Where it is better, and where not": both versions on all rows and on each slice, with their intervals. */
export function SlicesCard({ review, record }: { review: Review; record: ReviewRecord }) {
  const { evaluation, slices } = record;
  const names = {
    candidate: shortLabel(record.candidate.label),
    base: record.base ? shortLabel(record.base.label) : null,
  };
  const rest = [record.candidate.problem, record.base?.problem].filter((problem) => problem != null);
  return (
    <Card
      isFlush
      title="Where it is better, and where not"
      aside={
        <>
          {evaluation && (
            <span>
              {names.base && (
                <>
                  <span aria-hidden>○ </span>
                  {names.base}{" "}
                </>
              )}
              <span aria-hidden>● </span>
              {names.candidate} · {metricTitle(evaluation.sliceMetric).toLowerCase()} on {evaluation.dataset}
            </span>
          )}
          <SlicesButton />
        </>
      }
    >
      {rest.map((problem) => (
        <p key={problem} className="border-b border-line px-3.5 py-2 text-xs text-fail">
          {problem}
        </p>
      ))}
      {slices.length === 0 ? (
        <p className="px-3.5 py-3 text-sm text-pretty text-muted">{emptyText(record)}</p>
      ) : (
        <DataTable
          isBare
          density="comfortable"
          label="Slices"
          rows={slices}
          columns={columnsFor(review, names, scaleOf(slices))}
          rowKey={(slice) => slice.id}
        />
      )}
    </Card>
  );
}

function emptyText({ evaluation, candidate }: ReviewRecord): string {
  if (!evaluation)
    return "No policy names a hold-out yet. When an ML engineer publishes one, both sides are measured on it.";
  return candidate.modelVersionId === null
    ? "No version was registered from this run yet, so there is no file that the platform could run."
    : "The platform could not run either side.";
}

type Names = { readonly candidate: string; readonly base: string | null };

function Figure({ side }: { side: Slice["candidate"] }) {
  if (!side) return <span className="text-faint">–</span>;
  return (
    <span className="inline-flex flex-col items-end leading-tight">
      <span>{metricText(side.value)}</span>
      {side.interval && <span className="text-2xs text-muted">{rangeText(side.interval)}</span>}
    </span>
  );
}

function rowsText(slice: Slice): string {
  if (slice.problem) return slice.problem;
  return slice.isTooFew ? `${countOf(slice.rows, "row")}, too few` : countOf(slice.rows, "row");
}

function columnsFor(review: Review, names: Names, scale: Scale): readonly Column<Slice>[] {
  const { base } = names;
  return [
    {
      id: "name",
      header: "Slice",
      cell: ({ name, expression }) => (
        <span className="flex min-w-0 flex-col leading-tight">
          <span>{name}</span>
          {expression && <code className="text-2xs font-normal break-words text-muted">{expression}</code>}
        </span>
      ),
    },
    { id: "rows", header: "Rows", onPhone: "meta", cell: rowsText },
    {
      id: "dots",
      header: "Position",
      onPhone: "none",
      className: "max-lg:hidden",
      cell: (slice) => <SliceDots slice={slice} scale={scale} />,
    },
    ...(base
      ? [
          {
            id: "difference",
            header: "Difference",
            align: "right" as const,
            cell: ({ difference }: Slice) => (
              <Difference
                value={difference?.value ?? null}
                interval={difference?.interval ?? null}
                isBetter={difference && difference.value !== 0 ? difference.value > 0 : null}
              />
            ),
          },
          { id: "base", header: base, align: "right" as const, cell: (slice: Slice) => <Figure side={slice.base} /> },
        ]
      : []),
    { id: "candidate", header: names.candidate, align: "right", cell: (slice) => <Figure side={slice.candidate} /> },
    {
      id: "threads",
      header: "Threads",
      align: "right",
      isInteractive: true,
      cell: (slice) => <ThreadButton review={review} anchor={{ kind: "slice", key: slice.id }} label={slice.name} />,
    },
  ];
}
