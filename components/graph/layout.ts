import type ELK from "elkjs/lib/elk-api";
import { type DagEdge, NODE_HEIGHT, NODE_WIDTH, type Place } from "./types";

let engine: Promise<InstanceType<typeof ELK>> | undefined;

/** The layout engine in a worker of its own, loaded when the first graph is shown. */
function loadEngine(): Promise<InstanceType<typeof ELK>> {
  engine ??= import("elkjs/lib/elk-api").then(
    ({ default: Elk }) =>
      new Elk({ workerFactory: () => new Worker(new URL("elkjs/lib/elk-worker.min.js", import.meta.url)) }),
  );
  return engine;
}

const OPTIONS = {
  "elk.algorithm": "layered",
  "elk.direction": "RIGHT",
  "elk.spacing.nodeNode": "28",
  "elk.layered.spacing.nodeNodeBetweenLayers": "48",
  "elk.layered.nodePlacement.strategy": "NETWORK_SIMPLEX",
  "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
};

/** Places the nodes in layers from left to right. Edges to unknown nodes are left out. */
export async function layOut(ids: readonly string[], edges: readonly DagEdge[]): Promise<ReadonlyMap<string, Place>> {
  const known = new Set(ids);
  const graph = await (await loadEngine()).layout({
    id: "root",
    layoutOptions: OPTIONS,
    children: ids.map((id) => ({ id, width: NODE_WIDTH, height: NODE_HEIGHT })),
    edges: edges
      .filter((edge) => known.has(edge.from) && known.has(edge.to))
      .map((edge) => ({ id: `${edge.from}→${edge.to}`, sources: [edge.from], targets: [edge.to] })),
  });
  return new Map((graph.children ?? []).map((child) => [child.id, { x: child.x ?? 0, y: child.y ?? 0 }]));
}
