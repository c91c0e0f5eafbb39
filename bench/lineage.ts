import { timeLineage } from "@/server/testing/lineage";

/** Milliseconds at the server, the queries and their targets included. */
export type LineageFigures = {
  readonly edges: number;
  readonly nodes: number;
  readonly p50: number;
  readonly p95: number;
};

export const LINEAGE_AIM = { p95: 100 } as const;

/** Upstream of nodes among 100,000 edges, on the database of the running product. */
export async function benchLineage(projectId: string): Promise<LineageFigures> {
  const { edges, nodes, times } = await timeLineage(process.env, projectId);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
  return { edges, nodes, p50: at(0.5), p95: at(0.95) };
}

export function lineageLine({ edges, nodes, p50, p95 }: LineageFigures): string {
  return `lineage, upstream among ${edges.toLocaleString("en-GB")} edges (${nodes} nodes shown): p50 ${p50.toFixed(0)} ms, p95 ${p95.toFixed(0)} ms (aim p95 ${LINEAGE_AIM.p95} ms)`;
}
