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

/** A node within a sentence: what has a title of its own is quoted, what is a record is called by its kind. */
function nameOf({ kind, label }: GraphNode): string {
  switch (kind) {
    case "evidence":
      return `the evidence (${label})`;
    case "validation_report":
      return `the report (${label})`;
    case "evaluation":
      return `the ${label}`;
    case "promotion":
    case "review":
    case "feedback_item":
    case "alert":
      return `“${label}”`;
    default:
      return label;
  }
}

/** The start of a sentence; names of artefacts keep their own spelling. */
const capitalisedThe = (name: string) => name.replace(/^the /, "The ");

/** The chosen node: what it is, where it opens, and each edge at it with its time and its run. */
export function NodeCard({ node, graph }: { node: GraphNode; graph: Graph }) {
  const project = useProject();
  const names = new Map(graph.nodes.map((one) => [one.id, nameOf(one)]));
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
      <p className="flex flex-wrap items-center gap-x-1 border-b border-line px-3.5 py-2 text-xs text-muted">
        <KindLabel kind={node.kind} />
        <span>· {placeOf(node)}</span>
      </p>
      <ul>
        {edges.map((edge) => (
          <li
            key={`${edge.fromId} ${edge.toId} ${edge.kind}`}
            className="border-b border-line px-3.5 py-2 text-sm last:border-b-0"
          >
            <span className="break-words">
              {edge.toId === node.id ? capitalisedThe(names.get(edge.fromId) ?? "") : "It"} {EDGE_WORDS[edge.kind]}{" "}
              {edge.toId === node.id ? "it" : names.get(edge.toId)}
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
