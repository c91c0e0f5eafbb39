"use client";
import { useSuspenseQuery } from "@tanstack/react-query";
import { capitalised, countOf } from "../data/format";
import { useProject } from "../providers/project";
import { useTRPC } from "../providers/trpc";
import { Card } from "../ui/card";
import { KindIcon } from "./kind-icon";
import { NODE_LOOKS } from "./kinds";
import { NodeLink } from "./lineage-table";
import type { GraphNode } from "./types";

const SHOWN = 5;

/** Impact before a change: what depends on a node, by kind. */
export function ImpactCard({ node }: { node: Pick<GraphNode, "kind" | "reference" | "label"> }) {
  const trpc = useTRPC();
  const project = useProject();
  const { data } = useSuspenseQuery(
    trpc.lineage.impact.queryOptions({ projectId: project.id, kind: node.kind, reference: node.reference }),
  );
  const total = data.groups.reduce((sum, group) => sum + group.nodes.length, 0);
  return (
    <Card
      title={`What a change of ${node.label} would touch`}
      isFlush
      aside={data.isCut ? <span className="figures">more than {total}</span> : undefined}
    >
      {data.groups.length === 0 ? (
        <p className="px-3.5 py-3 text-sm text-muted">Nothing depends on it yet.</p>
      ) : (
        <ul>
          {data.groups.map((group) => (
            <li key={group.kind} className="border-b border-line px-3.5 py-2 last:border-b-0">
              <p className="flex items-center gap-1.5 text-xs text-muted">
                <KindIcon kind={group.kind} />
                {capitalised(countOf(group.nodes.length, NODE_LOOKS[group.kind].word, NODE_LOOKS[group.kind].plural))}
              </p>
              <ul className="mt-0.5 text-sm">
                {group.nodes.slice(0, SHOWN).map((one) => (
                  <li key={one.id} className="break-words">
                    <NodeLink node={one} />
                  </li>
                ))}
                {group.nodes.length > SHOWN && (
                  <li className="text-xs text-muted">and {group.nodes.length - SHOWN} more</li>
                )}
              </ul>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
