"use client";
import Link from "next/link";
import { useMemo } from "react";
import { type Column, DataTable } from "../data/data-table";
import { countOf } from "../data/format";
import { hrefOf } from "../home/target-link";
import { useProject } from "../providers/project";
import { routes } from "../shell/routes";
import { RelativeTime } from "../ui/time";
import { KindLabel } from "./kind-icon";
import { EDGE_WORDS } from "./kinds";
import type { Graph, GraphEdge, GraphNode } from "./types";

type Row = { readonly node: GraphNode; readonly edge: GraphEdge | null; readonly from: GraphNode | null };

/** The graph as a table: one line for each way in which an artefact came to be, with its time and its run. */
export function LineageTable({ graph }: { graph: Graph }) {
  const project = useProject();
  const rows = useMemo(() => rowsOf(graph), [graph]);
  const columns: readonly Column<Row>[] = [
    { id: "label", header: "Artefact", isInteractive: true, cell: ({ node }) => <NodeLink node={node} /> },
    { id: "kind", header: "Kind", onPhone: "meta", cell: ({ node }) => <KindLabel kind={node.kind} /> },
    { id: "place", header: "Place", onPhone: "meta", cell: ({ node }) => placeOf(node) },
    {
      id: "from",
      header: "Because",
      cell: ({ edge, from }) => (edge && from ? `${from.label} ${EDGE_WORDS[edge.kind]} it` : "–"),
    },
    {
      id: "run",
      header: "Run",
      isInteractive: true,
      cell: ({ edge }) =>
        edge?.runNumber != null ? (
          <Link className="hover:text-accent" href={routes.pipelineRun(project.slug, edge.runNumber)}>
            #{edge.runNumber}
          </Link>
        ) : (
          "–"
        ),
    },
    { id: "at", header: "When", cell: ({ node, edge }) => <RelativeTime at={edge?.createdAt ?? node.createdAt} /> },
  ];
  return (
    <DataTable
      label="Causes and consequences"
      isBare
      rows={rows}
      columns={columns}
      rowKey={({ node, edge }) => `${node.id} ${edge?.fromId ?? ""} ${edge?.kind ?? ""}`}
    />
  );
}

function rowsOf({ nodes, edges }: Graph): readonly Row[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const inOrder = nodes.toSorted((a, b) => offsetOf(a) - offsetOf(b));
  return inOrder.flatMap((node): Row[] => {
    const into = edges.filter((edge) => edge.toId === node.id);
    return into.length === 0
      ? [{ node, edge: null, from: null }]
      : into.map((edge) => ({ node, edge, from: byId.get(edge.fromId) ?? null }));
  });
}

/** Causes before consequences, the farthest cause first. */
function offsetOf({ side, distance }: Pick<GraphNode, "side" | "distance">): number {
  return side === "upstream" ? -distance : distance;
}

/** "2 steps before": where a node lies from the one that is looked at. */
export function placeOf({ side, distance }: Pick<GraphNode, "side" | "distance">): string {
  if (side === "self") return "in view";
  return `${countOf(distance, "step")} ${side === "upstream" ? "before" : "after"}`;
}

/** The name, as a link to the screen that shows it where there is one. */
export function NodeLink({ node }: { node: Pick<GraphNode, "label" | "target"> }) {
  const project = useProject();
  if (!node.target) return <>{node.label}</>;
  return (
    <Link href={hrefOf(project.slug, node.target)} className="rounded-sm hover:text-accent">
      {node.label}
    </Link>
  );
}
