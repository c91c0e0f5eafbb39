import { and, desc, eq, ilike, inArray, or, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { users } from "@/db/schema/identity";
import { impactReports, lineageEdges, lineageNodes, splitManifests } from "@/db/schema/lineage";
import { pipelineRuns } from "@/db/schema/pipelines";
import { AppError } from "@/domain/errors";
import type { LineageQuery, NodeSearch } from "@/domain/lineage/contracts";
import { groupImpact } from "@/domain/lineage/impact";
import type { Distance, LineageNode, NodeKind, SplitManifest } from "@/domain/lineage/types";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { nodeTargets } from "./node-targets";
import { uuids, walk } from "./walk";

/** More nodes than this are not read on one side: the answer then says that it was cut. */
const NODE_LIMIT = 500;
const EDGE_LIMIT = 4_000;
const SEARCH_LIMIT = 20;

/**
 * The graph above (causes) or below (consequences) a node, or both: each node once with the length of its shortest way
 * and the screen that shows it, and the edges between what was found.
 */
export async function getLineage(ctx: { readonly db: Executor }, scope: Scope<"lineage.read">, query: LineageQuery) {
  const { projectId } = scope;
  const start = await nodeByReference(ctx.db, projectId, query);
  if (!start) throw new AppError("not_found", "lineage_node", "Nothing is recorded about this yet.");
  const sides = query.direction === "both" ? (["upstream", "downstream"] as const) : [query.direction];
  const walks = await Promise.all(
    sides.map((direction) =>
      walk(ctx.db, { projectId, from: [start.id], direction, depth: query.depth, limit: NODE_LIMIT }),
    ),
  );
  const places = placesOf(start.id, sides, walks);
  const ids = [...places.keys()];
  const [nodes, edges] = await Promise.all([nodesById(ctx.db, projectId, ids), edgesAmong(ctx.db, projectId, ids)]);
  const targets = await nodeTargets(ctx.db, projectId, nodes);
  return {
    start: { kind: start.kind, reference: start.reference, label: start.label },
    nodes: nodes
      .map((node) => ({
        ...node,
        ...(places.get(node.id) ?? { distance: 0, side: "self" as const }),
        target: targets.get(node.id) ?? null,
      }))
      .sort((a, b) => a.distance - b.distance || a.label.localeCompare(b.label)),
    edges: edges.slice(0, EDGE_LIMIT),
    isCut: walks.some((one) => one.isCut) || edges.length > EDGE_LIMIT,
  };
}

/** Where each node lies. Behind a cycle a node is on both sides; it is put on the side to which it is nearer. */
function placesOf(
  start: string,
  sides: readonly ("upstream" | "downstream")[],
  walks: readonly { readonly distances: ReadonlyMap<string, number> }[],
): ReadonlyMap<string, Distance> {
  const places = new Map<string, Distance>([[start, { distance: 0, side: "self" }]]);
  walks.forEach(({ distances }, index) => {
    const side = sides[index] ?? "upstream";
    for (const [id, distance] of distances) {
      const known = places.get(id);
      if (!known || distance < known.distance) places.set(id, { distance, side });
    }
  });
  return places;
}

const NODE = {
  id: lineageNodes.id,
  kind: lineageNodes.kind,
  reference: lineageNodes.reference,
  label: lineageNodes.label,
  createdAt: lineageNodes.createdAt,
};

async function nodeByReference(
  db: Executor,
  projectId: string,
  { kind, reference }: { readonly kind: NodeKind; readonly reference: string },
) {
  const [node] = await db
    .select(NODE)
    .from(lineageNodes)
    .where(
      and(eq(lineageNodes.projectId, projectId), eq(lineageNodes.kind, kind), eq(lineageNodes.reference, reference)),
    );
  return node ?? null;
}

/** Nodes of one project by their ids; the ids of another project find nothing. */
export async function nodesById(db: Executor, projectId: string, ids: readonly string[]) {
  if (ids.length === 0) return [];
  return db
    .select(NODE)
    .from(lineageNodes)
    .where(and(eq(lineageNodes.projectId, projectId), sql`${lineageNodes.id} = any(${uuids(ids)})`));
}

/** Ids of the nodes with these references; those that nothing is recorded about are absent. */
export async function nodeIds(
  db: Executor,
  projectId: string,
  nodes: readonly Pick<LineageNode, "kind" | "reference">[],
): Promise<string[]> {
  if (nodes.length === 0) return [];
  const rows = await db
    .select({ id: lineageNodes.id })
    .from(lineageNodes)
    .where(
      and(
        eq(lineageNodes.projectId, projectId),
        or(
          ...nodes.map(({ kind, reference }) =>
            and(eq(lineageNodes.kind, kind), eq(lineageNodes.reference, reference)),
          ),
        ),
      ),
    );
  return rows.map((row) => row.id);
}

function edgesAmong(db: Executor, projectId: string, ids: readonly string[]) {
  return db
    .select({
      fromId: lineageEdges.fromId,
      toId: lineageEdges.toId,
      kind: lineageEdges.kind,
      runId: lineageEdges.runId,
      runNumber: pipelineRuns.number,
      createdAt: lineageEdges.createdAt,
    })
    .from(lineageEdges)
    .leftJoin(pipelineRuns, eq(pipelineRuns.id, lineageEdges.runId))
    .where(
      and(
        eq(lineageEdges.projectId, projectId),
        sql`${lineageEdges.fromId} = any(${uuids(ids)})`,
        sql`${lineageEdges.toId} = any(${uuids(ids)})`,
      ),
    )
    .orderBy(lineageEdges.createdAt, lineageEdges.id)
    .limit(EDGE_LIMIT + 1);
}

/** Nodes by a part of their label, the newest first: where a walk may begin. */
export async function searchNodes(ctx: ServiceContext, scope: Scope<"lineage.read">, { text, kinds }: NodeSearch) {
  return ctx.db
    .select(NODE)
    .from(lineageNodes)
    .where(
      and(
        eq(lineageNodes.projectId, scope.projectId),
        text === "" ? undefined : ilike(lineageNodes.label, `%${text.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`),
        kinds.length === 0 ? undefined : inArray(lineageNodes.kind, [...kinds]),
      ),
    )
    .orderBy(desc(lineageNodes.createdAt), desc(lineageNodes.id))
    .limit(SEARCH_LIMIT);
}

/** How the training sets of a run were kept apart from the hold-outs; none where nothing was split. */
export async function splitsOfRun(ctx: ServiceContext, scope: Scope<"lineage.read">, runId: string) {
  const rows = await ctx.db
    .select()
    .from(splitManifests)
    .where(and(eq(splitManifests.runId, runId), eq(splitManifests.projectId, scope.projectId)))
    .orderBy(splitManifests.id);
  return rows.map(({ text, ...row }) => ({ ...row, manifest: JSON.parse(text) as SplitManifest }));
}

/** What was known to depend on the earlier versions when a change was saved; null where no report was written. */
export async function reportOfChange(
  ctx: ServiceContext,
  scope: Scope<"lineage.read">,
  subject: Pick<LineageNode, "kind" | "reference">,
) {
  const [found] = await ctx.db
    .select({ report: impactReports, by: users.name })
    .from(impactReports)
    .leftJoin(users, eq(users.id, impactReports.createdBy))
    .where(
      and(
        eq(impactReports.projectId, scope.projectId),
        eq(impactReports.subjectKind, subject.kind),
        eq(impactReports.subjectReference, subject.reference),
      ),
    );
  if (!found) return null;
  const { change, digest, createdAt, touched } = found.report;
  return { change, digest, createdAt, by: found.by, groups: groupImpact(touched) };
}
