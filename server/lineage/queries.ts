import { and, eq, inArray, sql } from "drizzle-orm";
import { lineageEdges, lineageNodes } from "@/db/schema/lineage";
import { AppError } from "@/domain/errors";
import type { NodeKind } from "@/domain/lineage/types";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";

export type LineageQuery = {
  readonly kind: NodeKind;
  readonly reference: string;
  readonly direction: "upstream" | "downstream";
  /** How many edges away; 1 is the neighbours. */
  readonly depth: number;
};

/** More nodes than this are not read: the answer then says that it was cut. */
const NODE_LIMIT = 500;

/**
 * The graph above (causes) or below (consequences) a node. One recursive query that visits each node once,
 * nearest first, over the index of its direction; then the edges between what was found.
 */
export async function getLineage(ctx: ServiceContext, scope: Scope<"lineage.read">, query: LineageQuery) {
  const [start] = await ctx.db
    .select({ id: lineageNodes.id })
    .from(lineageNodes)
    .where(
      and(
        eq(lineageNodes.projectId, scope.projectId),
        eq(lineageNodes.kind, query.kind),
        eq(lineageNodes.reference, query.reference),
      ),
    );
  if (!start) throw new AppError("not_found", "lineage_node", "Nothing is recorded about this yet.");
  const isUpstream = query.direction === "upstream";
  const [from, to] = isUpstream ? [sql.raw("to_id"), sql.raw("from_id")] : [sql.raw("from_id"), sql.raw("to_id")];
  const found = await ctx.db.execute<{ id: string; distance: number }>(sql`
    with recursive walk (id, distance) as (
      select ${start.id}::uuid, 0
      union
      select e.${to}, w.distance + 1 from walk w join lineage_edges e on e.${from} = w.id where w.distance < ${query.depth}
    )
    select id, min(distance)::int as distance from walk group by id order by distance, id limit ${NODE_LIMIT + 1}`);
  const distances = new Map(found.slice(0, NODE_LIMIT).map((row) => [row.id, row.distance]));
  const ids = [...distances.keys()];
  const [nodes, edges] = await Promise.all([
    ctx.db
      .select({
        id: lineageNodes.id,
        kind: lineageNodes.kind,
        reference: lineageNodes.reference,
        label: lineageNodes.label,
      })
      .from(lineageNodes)
      .where(and(eq(lineageNodes.projectId, scope.projectId), inArray(lineageNodes.id, ids))),
    ctx.db
      .select({
        fromId: lineageEdges.fromId,
        toId: lineageEdges.toId,
        kind: lineageEdges.kind,
        runId: lineageEdges.runId,
        createdAt: lineageEdges.createdAt,
      })
      .from(lineageEdges)
      .where(
        and(
          eq(lineageEdges.projectId, scope.projectId),
          inArray(lineageEdges.fromId, ids),
          inArray(lineageEdges.toId, ids),
        ),
      ),
  ]);
  return {
    nodes: nodes
      .map((node) => ({ ...node, distance: distances.get(node.id) ?? 0 }))
      .sort((a, b) => a.distance - b.distance || a.label.localeCompare(b.label)),
    edges,
    isCut: found.length > NODE_LIMIT,
  };
}
