"use client";
import { textOfNode } from "@/domain/lineage/contracts";
import { hrefOf } from "../home/target-link";
import { useProject } from "../providers/project";
import { routes, withQuery } from "../shell/routes";
import { ButtonLink } from "../ui/button";
import { Card } from "../ui/card";
import { RelativeTime } from "../ui/time";
import { KindLabel } from "./kind-icon";
import { EDGE_WORDS } from "./kinds";
import { placeOf } from "./lineage-table";
import type { Graph, GraphNode } from "./types";

/** The chosen node: what it is, where it opens, and each edge at it with its time and its run. */
export function NodeCard({ node, graph }: { node: GraphNode; graph: Graph }) {
  const project = useProject();
  const labels = new Map(graph.nodes.map((one) => [one.id, one.label]));
  const edges = graph.edges.filter((edge) => edge.fromId === node.id || edge.toId === node.id);
  return (
    <Card
      title={node.label}
      isFlush
      footer={
        <>
          {node.target && (
            <ButtonLink size="sm" href={hrefOf(project.slug, node.target)}>
              Open
            </ButtonLink>
          )}
          {node.side !== "self" && (
            <ButtonLink size="sm" href={withQuery(routes.lineage(project.slug), { node: textOfNode(node) })}>
              Look from here
            </ButtonLink>
          )}
          {!node.target && node.side === "self" && "It has no page of its own."}
        </>
      }
    >
      <p className="border-b border-line px-3.5 py-2 text-xs text-muted">
        <KindLabel kind={node.kind} /> · {placeOf(node)}
      </p>
      <ul>
        {edges.map((edge) => (
          <li
            key={`${edge.fromId} ${edge.toId} ${edge.kind}`}
            className="border-b border-line px-3.5 py-2 text-sm last:border-b-0"
          >
            <span className="break-words">
              {edge.toId === node.id ? labels.get(edge.fromId) : "It"} {EDGE_WORDS[edge.kind]}{" "}
              {edge.toId === node.id ? "it" : labels.get(edge.toId)}
            </span>
            <span className="figures block text-xs text-muted">
              {edge.runNumber !== null && `run #${edge.runNumber} · `}
              <RelativeTime at={edge.createdAt} />
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
