"use client";
import { useQuery } from "@tanstack/react-query";
import type { NodeKind } from "@/domain/lineage/types";
import { capitalised, countOf } from "../data/format";
import { useProject } from "../providers/project";
import { useTRPC } from "../providers/trpc";
import { Card } from "../ui/card";
import { RelativeTime } from "../ui/time";
import { KindIcon } from "./kind-icon";
import { NODE_LOOKS } from "./kinds";

/** What hung on the earlier versions when this one was saved. Absent where no report was kept. */
export function ChangeReportCard({ kind, reference }: { kind: NodeKind; reference: string }) {
  const trpc = useTRPC();
  const project = useProject();
  const { data: report } = useQuery(trpc.lineage.changeReport.queryOptions({ projectId: project.id, kind, reference }));
  if (!report) return null;
  return (
    <Card title="Impact when it was saved" isFlush aside={<RelativeTime at={report.createdAt} />}>
      <p className="border-b border-line px-3.5 py-2 text-sm last:border-b-0">
        {report.change}
        {report.by && <span className="text-muted"> · {report.by}</span>}
        {report.groups.length === 0 && <span className="block text-muted">Nothing hung on it.</span>}
      </p>
      <ul>
        {report.groups.map((group) => (
          <li key={group.kind} className="border-b border-line px-3.5 py-2 text-sm last:border-b-0">
            <span className="flex items-center gap-1.5 text-xs text-muted">
              <KindIcon kind={group.kind} />
              {capitalised(countOf(group.nodes.length, NODE_LOOKS[group.kind].word, NODE_LOOKS[group.kind].plural))}
            </span>
            <span className="break-words">{group.nodes.map((node) => node.label).join(", ")}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
