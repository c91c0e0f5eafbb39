"use client";
import { useQuery } from "@tanstack/react-query";
import { countOf, formatCount } from "../data/format";
import { useProject } from "../providers/project";
import { useTRPC } from "../providers/trpc";
import { Card } from "../ui/card";
import { CopyId } from "../ui/copy-id";
import { KeyValue } from "../ui/key-value";
import { RelativeTime } from "../ui/time";

/** How a run's training rows were kept apart from the hold-outs. Absent where nothing was split. */
export function SplitCard({ runId }: { runId: string }) {
  const trpc = useTRPC();
  const project = useProject();
  const { data } = useQuery(trpc.lineage.splits.queryOptions({ projectId: project.id, runId }));
  return data?.map(({ id, manifest, digest, createdAt }) => {
    const { training, holdout, sharedRows } = manifest;
    return (
      <Card key={id} title="Split" isFlush aside={<RelativeTime at={createdAt} />}>
        <KeyValue
          pairs={[
            {
              key: "Trained on",
              value: `${countOf(training.rows, "row")} of ${training.view.name} v${training.view.version}`,
              aside: boundsOf(training),
            },
            ...training.read.map((side) => ({ key: "Read", value: nameOf(side), aside: side.filter })),
            ...holdout.map((side) => ({ key: "Held out", value: nameOf(side), aside: side.filter })),
            {
              key: "On both sides",
              value:
                sharedRows === 0 ? "No row" : <span className="text-fail">{formatCount(sharedRows)} rows leak</span>,
            },
            { key: "Manifest", value: <CopyId value={digest} what="digest" text={digest.slice(0, 12)} /> },
          ]}
        />
      </Card>
    );
  });
}

function nameOf(side: { readonly dataset: string; readonly version: number; readonly rows: number }): string {
  return `${side.dataset} v${side.version}, ${countOf(side.rows, "row")}`;
}

function boundsOf(training: { readonly from: string | null; readonly to: string | null }): string | null {
  if (training.from === null && training.to === null) return null;
  return `${training.from ?? "the beginning"} to ${training.to ?? "the end"}`;
}
