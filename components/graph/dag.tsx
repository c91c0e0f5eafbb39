"use client";
import dynamic from "next/dynamic";
import { useState } from "react";
import { EmptyState } from "../ui/empty-state";
import { CanvasSkeleton } from "./canvas-skeleton";
import { DagTable } from "./dag-table";
import type { DagEdge, DagNode } from "./types";

const DagCanvas = dynamic(() => import("./dag-canvas"), { ssr: false, loading: () => <CanvasSkeleton /> });

export type DagProps = {
  /** Names the graph for screen readers: "Steps of run 185". */
  readonly label: string;
  readonly nodes: readonly DagNode[];
  readonly edges: readonly DagEdge[];
  readonly selected?: string | null;
  readonly onSelect?: (id: string) => void;
  /** The page keeps the choice, with its two buttons, in the header of its card. */
  readonly view?: "graph" | "table";
  readonly height?: number;
};

/** A directed graph, laid out in a worker; the arrow keys walk its nodes; the same as a table where that reads better. */
export function Dag({ view = "graph", height = 320, ...props }: DagProps) {
  const [hasFailed, setHasFailed] = useState(false);
  if (props.nodes.length === 0)
    return <EmptyState title="Nothing to draw" hint="The graph shows when it has its first node." />;
  if (view === "table" || hasFailed)
    return <DagTable {...props} note={hasFailed ? "The graph could not be drawn here, so this is its table." : null} />;
  return (
    <section aria-label={props.label} className="relative overflow-hidden" style={{ height }}>
      <DagCanvas {...props} onFail={() => setHasFailed(true)} />
    </section>
  );
}
