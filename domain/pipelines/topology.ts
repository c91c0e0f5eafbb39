type Node = { readonly key: string; readonly needs: readonly string[] };

export type Topology<N> = {
  /** Each after all that it needs; otherwise in the order given. Lacks the steps that hang in a cycle. */
  readonly ordered: readonly N[];
  /** The keys of one cycle, its first one again at the end; null where there is none. */
  readonly cycle: readonly string[] | null;
};

/** Depth first: a node follows the ones that it needs. Needs that name nothing are passed over. */
export function topologicalOrder<N extends Node>(nodes: readonly N[]): Topology<N> {
  const byKey = new Map(nodes.map((node) => [node.key, node]));
  const ordered: N[] = [];
  const done = new Set<string>();
  const trail: string[] = [];
  let cycle: readonly string[] | null = null;

  function visit(node: N): void {
    if (done.has(node.key)) return;
    const start = trail.indexOf(node.key);
    if (start >= 0) {
      cycle ??= [...trail.slice(start), node.key];
      return;
    }
    trail.push(node.key);
    for (const need of node.needs) {
      const needed = byKey.get(need);
      if (needed) visit(needed);
    }
    trail.pop();
    done.add(node.key);
    ordered.push(node);
  }

  for (const node of nodes) visit(node);
  return { ordered, cycle };
}
