type Node = { readonly key: string; readonly needs: readonly string[] };
type Edge = { readonly from: string; readonly to: string };

/** Columns and rows that a drawing of the steps takes: how long the longest chain is, and how many stand above one another. */
export function shapeOf(steps: readonly Node[]): { readonly columns: number; readonly rows: number } {
  const ranks = new Map<string, number>();
  for (const step of steps) ranks.set(step.key, Math.max(0, ...step.needs.map((need) => (ranks.get(need) ?? 0) + 1)));
  const sizes = new Map<number, number>();
  for (const rank of ranks.values()) sizes.set(rank, (sizes.get(rank) ?? 0) + 1);
  return { columns: sizes.size, rows: Math.max(1, ...sizes.values()) };
}

/**
 * The edges to draw: without those that a longer way says already, which would run behind the boxes between.
 * Steps stand in a topological order.
 */
export function drawnEdges(steps: readonly Node[]): readonly Edge[] {
  const before = new Map<string, ReadonlySet<string>>();
  return steps.flatMap((step) => {
    const implied = new Set(step.needs.flatMap((need) => [...(before.get(need) ?? [])]));
    before.set(step.key, new Set([...step.needs, ...implied]));
    return step.needs.filter((need) => !implied.has(need)).map((need) => ({ from: need, to: step.key }));
  });
}
