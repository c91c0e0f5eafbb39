"use client";
import { type Column, DataTable } from "../data/data-table";
import { formatCount } from "../data/format";
import { StatusBadge } from "../data/status-badge";
import { Card } from "../ui/card";
import { EmptyState } from "../ui/empty-state";
import { Num } from "../ui/num";
import { AbsoluteTime, Duration, RelativeTime } from "../ui/time";
import type { View } from "./words";

type Copy = View["copies"][number];

const columns: readonly Column<Copy>[] = [
  {
    id: "from",
    header: "From",
    cell: (row) => (
      <>
        v{row.version} over {row.dataset} v{row.datasetVersion}
      </>
    ),
  },
  {
    id: "state",
    header: "State",
    onPhone: "status",
    cell: (row) => <StatusBadge kind="materialization" state={row.state} />,
  },
  { id: "watermark", header: "Up to", cell: (row) => (row.watermark ? <AbsoluteTime at={row.watermark} /> : "–") },
  {
    id: "rows",
    header: "Rows",
    align: "right",
    cell: (row) =>
      row.state === "copying" ? (
        `${formatCount(row.writtenRows)} of ${formatCount(row.snapshotRows ?? 0)}`
      ) : (
        <Num value={row.snapshotRows} />
      ),
  },
  { id: "parity", header: "Online against offline", cell: (row) => <ParityText copy={row} /> },
  {
    id: "time",
    header: "Took",
    align: "right",
    onPhone: "none",
    cell: (row) => <Duration from={row.startedAt} to={row.finishedAt} />,
  },
  {
    id: "started",
    header: "Started",
    onPhone: "meta",
    className: "text-muted",
    cell: (row) => (
      <>
        {row.startedBy ?? "by an import"}, <RelativeTime at={row.createdAt} />
      </>
    ),
  },
];

/** Whether both sides say the same; the reason where the copy failed. */
function ParityText({ copy }: { copy: Copy }) {
  if (copy.reason) return <span className="text-fail">{copy.reason}</span>;
  if (!copy.parity) return <span className="text-faint">not compared yet</span>;
  const { offline, equal, newer, different } = copy.parity;
  if (different > 0) return <span className="text-fail">{formatCount(different)} differ</span>;
  return (
    <span className="figures">
      {formatCount(equal)} of {formatCount(offline)} equal{newer > 0 && `, ${formatCount(newer)} newer online`}
    </span>
  );
}

/** Copies to the online table, newest first: how fresh they are, and whether both sides agree. */
export function CopiesCard({ view }: { view: View }) {
  const last = view.copies.find((copy) => copy.state === "succeeded");
  return (
    <Card
      title="Online values"
      aside={
        last?.finishedAt ? (
          <span>
            fresh as of <RelativeTime at={last.finishedAt} />
          </span>
        ) : undefined
      }
      isFlush
    >
      {view.copies.length === 0 ? (
        <EmptyState
          title="Not online yet"
          hint="A data engineer publishes a signed version: the newest value of each entity can then be read in one call, and every import carries new values on."
          className="py-9"
        />
      ) : (
        <DataTable
          label="Copies to the online table"
          rows={view.copies}
          columns={columns}
          rowKey={(row) => row.id}
          density="comfortable"
          isBare
        />
      )}
    </Card>
  );
}
