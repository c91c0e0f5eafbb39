"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useQueryStates } from "nuqs";
import { Suspense, useState } from "react";
import { nodeOfText } from "@/domain/lineage/contracts";
import { DIRECTIONS, type Direction } from "@/domain/lineage/types";
import { countOf } from "../data/format";
import { Dag } from "../graph/dag";
import { describeError } from "../providers/call-error";
import { useProject } from "../providers/project";
import { useTRPC } from "../providers/trpc";
import { TwoColumns } from "../shell/page-frame";
import { Button } from "../ui/button";
import { Card } from "../ui/card";
import { EmptyState } from "../ui/empty-state";
import { PanelBoundary } from "../ui/error-panel";
import { CardSkeleton } from "../ui/skeleton";
import { DEPTHS, depthOf, lineageFilters } from "./filters";
import { ImpactCard } from "./impact-card";
import { KindIcon } from "./kind-icon";
import { NODE_LOOKS } from "./kinds";
import { LineageTable } from "./lineage-table";
import { NodeCard } from "./node-card";
import { NodeSearch } from "./node-search";
import type { Graph } from "./types";

/** The lineage of the node in the address; without one, a search for it. */
export function LineageView() {
  const [{ node: text }] = useQueryStates(lineageFilters);
  const node = text === null ? null : nodeOfText(text);
  if (text !== null && !node)
    return <EmptyState title="This address names no artefact" hint="Look for it by its name." action={<ToSearch />} />;
  return node ? <NodeLineage key={text} node={node} /> : <NodeSearch />;
}

type NodeName = NonNullable<ReturnType<typeof nodeOfText>>;

function NodeLineage({ node }: { node: NodeName }) {
  const trpc = useTRPC();
  const project = useProject();
  const [{ direction, depth }] = useQueryStates(lineageFilters);
  const [chosen, setChosen] = useState<string | null>(null);
  const {
    data: graph,
    error,
    isPlaceholderData: isChanging,
  } = useQuery(
    trpc.lineage.get.queryOptions(
      { projectId: project.id, ...node, direction, depth: depthOf(depth) },
      { placeholderData: keepPreviousData },
    ),
  );
  if (error && describeError(error).code === "NOT_FOUND")
    return (
      <EmptyState
        title="No lineage yet"
        hint="Nothing that went into this or came of it is recorded."
        action={<ToSearch />}
      />
    );
  if (error) throw error;
  if (!graph) return <CardSkeleton lines={8} />;
  const shown = graph.nodes.find((one) => one.id === chosen) ?? graph.nodes.find((one) => one.side === "self");
  return (
    <TwoColumns
      side={
        <>
          {shown && <NodeCard node={shown} graph={graph} />}
          {shown && (
            <PanelBoundary>
              <Suspense fallback={<CardSkeleton lines={3} />}>
                <ImpactCard node={shown} />
              </Suspense>
            </PanelBoundary>
          )}
        </>
      }
    >
      <GraphCard graph={graph} isChanging={isChanging} chosen={shown?.id ?? null} onChoose={setChosen} />
    </TwoColumns>
  );
}

type GraphCardProps = {
  graph: Graph;
  isChanging: boolean;
  chosen: string | null;
  onChoose: (id: string) => void;
};

function GraphCard({ graph, isChanging, chosen, onChoose }: GraphCardProps) {
  const [{ view }, setFilters] = useQueryStates(lineageFilters);
  const isTable = view === "table";
  return (
    <Card
      title={`Lineage of ${graph.start.label}`}
      isFlush
      aside={
        <>
          <span className="figures" aria-busy={isChanging}>
            {countOf(graph.nodes.length, "artefact")}
          </span>
          <Button size="sm" onClick={() => void setFilters({ view: isTable ? "graph" : "table" })}>
            {isTable ? "Graph" : "Table"}
          </Button>
          <ToSearch />
        </>
      }
      footer={graph.isCut ? "More lies behind than is shown. Look from a node further out." : undefined}
    >
      <Toolbar />
      {graph.nodes.length === 1 ? (
        <EmptyState
          title="Nothing lies that way"
          hint="It came from nothing that is recorded, and nothing came of it."
        />
      ) : isTable ? (
        <LineageTable graph={graph} />
      ) : (
        <Dag
          label={`Graph of ${graph.start.label}`}
          height={heightFor(graph)}
          selected={chosen}
          onSelect={onChoose}
          nodes={graph.nodes.map((node) => ({
            id: node.id,
            title: node.label,
            icon: <KindIcon kind={node.kind} />,
            subtitle: NODE_LOOKS[node.kind].word,
          }))}
          edges={drawnEdges(graph)}
        />
      )}
    </Card>
  );
}

const DIRECTION_WORDS: Readonly<Record<Direction, string>> = {
  upstream: "Where it came from",
  downstream: "What came of it",
  both: "Both ways",
};

function Toolbar() {
  const [{ direction, depth }, setFilters] = useQueryStates(lineageFilters);
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line px-3.5 py-2">
      <fieldset className="flex flex-wrap gap-1">
        <legend className="sr-only">Direction</legend>
        {DIRECTIONS.map((one) => (
          <Choice key={one} isOn={one === direction} onChoose={() => void setFilters({ direction: one })}>
            {DIRECTION_WORDS[one]}
          </Choice>
        ))}
      </fieldset>
      <fieldset className="flex flex-wrap items-center gap-1">
        <legend className="sr-only">Steps away</legend>
        <span aria-hidden className="mr-1 text-xs text-muted">
          Steps
        </span>
        {DEPTHS.map((one) => (
          <Choice key={one} isOn={one === depth} onChoose={() => void setFilters({ depth: one })}>
            {String(one)}
          </Choice>
        ))}
      </fieldset>
    </div>
  );
}

function Choice({ isOn, onChoose, children }: { isOn: boolean; onChoose: () => void; children: string }) {
  return (
    <Button size="sm" aria-pressed={isOn} className={isOn ? "bg-surface-sunken" : undefined} onClick={onChoose}>
      {children}
    </Button>
  );
}

function ToSearch() {
  const [, setFilters] = useQueryStates(lineageFilters);
  return (
    <Button size="sm" onClick={() => void setFilters({ node: null })}>
      Find another
    </Button>
  );
}

/** One line between two nodes, however many things hold between them. */
function drawnEdges({ edges }: Graph) {
  const pairs = new Map(edges.map((edge) => [`${edge.fromId} ${edge.toId}`, { from: edge.fromId, to: edge.toId }]));
  return [...pairs.values()];
}

const ROW_PX = 84;

/** Room for the layer with the most nodes, within what a window shows. */
function heightFor({ nodes }: Graph): number {
  const layers = new Map<string, number>();
  for (const { side, distance } of nodes) {
    const key = `${side} ${distance}`;
    layers.set(key, (layers.get(key) ?? 0) + 1);
  }
  return Math.min(680, Math.max(300, Math.max(...layers.values()) * ROW_PX));
}
