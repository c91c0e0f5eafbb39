import { type LineageNode, type NodeKind, TOUCHED_KINDS } from "./types";

export type ImpactGroup<Node extends LineageNode = LineageNode> = {
  readonly kind: NodeKind;
  readonly nodes: readonly Node[];
};

/**
 * What depends on something, by kind, in the order in which a change would travel; nodes that stand for a file or a
 * measurement alone are left out. Each group by label.
 */
export function groupImpact<Node extends LineageNode>(nodes: readonly Node[]): readonly ImpactGroup<Node>[] {
  return TOUCHED_KINDS.map((kind) => ({
    kind,
    nodes: nodes
      .filter((node) => node.kind === kind)
      .sort((a, b) => a.label.localeCompare(b.label, "en", { numeric: true })),
  })).filter((group) => group.nodes.length > 0);
}
