"use client";
import "@xyflow/react/dist/base.css";
import {
  Background,
  BackgroundVariant,
  type Edge,
  Handle,
  type Node,
  type NodeProps,
  Position,
  ReactFlow,
} from "@xyflow/react";
import { createContext, type KeyboardEvent, use, useEffect, useMemo, useState } from "react";
import { StatusIcon } from "../data/status-badge";
import { cn } from "../ui/cn";
import { CanvasSkeleton } from "./canvas-skeleton";
import type { DagProps } from "./dag";
import { layOut } from "./layout";
import { type DagNode, NODE_HEIGHT, NODE_WIDTH, type Place } from "./types";
import { neighbourOf } from "./walk";

type CanvasProps = Omit<DagProps, "view" | "height"> & { onFail: () => void };
type Walk = {
  readonly selected: string | null;
  readonly entry: string | null;
  readonly onSelect: ((id: string) => void) | undefined;
  readonly onKey: (event: KeyboardEvent, id: string) => void;
};

const WalkContext = createContext<Walk>({ selected: null, entry: null, onSelect: undefined, onKey: () => undefined });
const NODE_TYPES = { step: StepNode };

/** The drawn graph. It is laid out anew only when nodes or edges come or go, not when a state changes. */
export default function DagCanvas({ nodes, edges, selected = null, onSelect, onFail }: CanvasProps) {
  const places = usePlaces({ nodes, edges, onFail });
  const flowNodes = useMemo(() => (places ? nodes.map((node) => flowNode(node, places)) : []), [nodes, places]);
  const flowEdges = useMemo(() => edgesOf(nodes, edges), [nodes, edges]);
  const walk = useMemo<Walk>(() => {
    const onKey = (event: KeyboardEvent, id: string) => {
      const next = places && neighbourOf(event.key, id, places, edges);
      if (!next) return;
      event.preventDefault();
      document.getElementById(domId(next))?.focus();
      onSelect?.(next);
    };
    return { selected, entry: selected ?? nodes[0]?.id ?? null, onSelect, onKey };
  }, [places, edges, nodes, selected, onSelect]);
  if (!places) return <CanvasSkeleton />;
  return (
    <WalkContext value={walk}>
      <ReactFlow
        key={[...places.keys()].join()}
        nodes={flowNodes}
        edges={flowEdges}
        nodeTypes={NODE_TYPES}
        fitView
        fitViewOptions={viewOf(places, selected)}
        minZoom={0.3}
        maxZoom={1.5}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        preventScrolling={false}
        zoomOnScroll={false}
        panOnScroll={false}
      >
        <Background variant={BackgroundVariant.Dots} gap={16} size={1} color="var(--line)" />
      </ReactFlow>
    </WalkContext>
  );
}

/** A wider graph than a window shows at a size that can be read. */
const WIDE_PX = 1400;
const FIT = { padding: 0.08, minZoom: 0.75, maxZoom: 1 };

/** The whole graph where it fits, else its chosen node in the middle. */
function viewOf(places: ReadonlyMap<string, Place>, selected: string | null) {
  const ends = [...places.values()].map(({ x }) => x);
  const isWide = Math.max(...ends) - Math.min(...ends) + NODE_WIDTH > WIDE_PX;
  return isWide && selected ? { ...FIT, maxZoom: FIT.minZoom, nodes: [{ id: selected }] } : FIT;
}

function usePlaces({
  nodes,
  edges,
  onFail,
}: Pick<CanvasProps, "nodes" | "edges" | "onFail">): ReadonlyMap<string, Place> | null {
  const [places, setPlaces] = useState<ReadonlyMap<string, Place> | null>(null);
  const shape = JSON.stringify([nodes.map((node) => node.id), edges.map((edge) => [edge.from, edge.to])]);
  // The layout engine is an outside system: a worker that answers later.
  useEffect(() => {
    let isCurrent = true;
    const [ids, pairs] = JSON.parse(shape) as [string[], [string, string][]];
    layOut(
      ids,
      pairs.map(([from, to]) => ({ from, to })),
    )
      .then((placed) => isCurrent && setPlaces(placed))
      .catch(() => isCurrent && onFail());
    return () => {
      isCurrent = false;
    };
  }, [shape, onFail]);
  return places;
}

type StepFlowNode = Node<{ step: DagNode }, "step">;

function flowNode(step: DagNode, places: ReadonlyMap<string, Place>): StepFlowNode {
  return {
    id: step.id,
    type: "step",
    position: places.get(step.id) ?? { x: 0, y: 0 },
    width: NODE_WIDTH,
    height: NODE_HEIGHT,
    data: { step },
  };
}

const NOT_REACHED = new Set(["pending", "queued", "skipped", "cancelled"]);

function edgesOf(nodes: readonly DagNode[], edges: CanvasProps["edges"]): Edge[] {
  const isFar = new Set(
    nodes.filter((node) => node.isOpen || NOT_REACHED.has(node.status?.state ?? "")).map((node) => node.id),
  );
  return edges.map(({ from, to }) => ({
    id: `${from}→${to}`,
    source: from,
    target: to,
    style: { stroke: "var(--line-strong)", strokeWidth: 1.5, ...(isFar.has(to) && { strokeDasharray: "4 3" }) },
  }));
}

const domId = (id: string) => `dag-${id}`;

function StepNode({ data: { step } }: NodeProps<StepFlowNode>) {
  const { selected, entry, onSelect, onKey } = use(WalkContext);
  const isSelected = selected === step.id;
  return (
    <>
      <Handle type="target" position={Position.Left} isConnectable={false} className="opacity-0" />
      <button
        type="button"
        id={domId(step.id)}
        tabIndex={step.id === entry ? 0 : -1}
        aria-pressed={isSelected}
        onClick={() => onSelect?.(step.id)}
        onKeyDown={(event) => onKey(event, step.id)}
        style={{ width: NODE_WIDTH, height: NODE_HEIGHT }}
        className={cn(
          "nopan flex flex-col justify-center rounded-md border bg-surface-raised px-2.5 text-left text-sm transition-colors duration-150",
          isSelected ? "border-accent shadow-[0_0_0_1.5px_var(--accent)]" : "border-line-strong hover:border-faint",
          step.isOpen && "border-dashed",
        )}
      >
        <span className="flex items-center justify-between gap-2">
          <span className="flex min-w-0 items-center gap-1.5">
            {step.icon}
            <span className="truncate font-semibold">{step.title}</span>
          </span>
          {step.status && <StatusIcon {...step.status} />}
        </span>
        <span className="figures flex items-baseline justify-between gap-2 text-xs text-muted">
          <span className="truncate">{step.subtitle ?? ""}</span>
          <span className="shrink-0">{step.aside}</span>
        </span>
      </button>
      <Handle type="source" position={Position.Right} isConnectable={false} className="opacity-0" />
    </>
  );
}
