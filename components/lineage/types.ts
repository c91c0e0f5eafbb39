import type { RouterOutputs } from "../providers/trpc";

export type Graph = RouterOutputs["lineage"]["get"];
export type GraphNode = Graph["nodes"][number];
export type GraphEdge = Graph["edges"][number];
