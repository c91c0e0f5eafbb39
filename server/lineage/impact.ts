import { and, eq } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { datasetVersions } from "@/db/schema/data";
import { pipelineVersions } from "@/db/schema/pipelines";
import type { ImpactQuery } from "@/domain/lineage/contracts";
import { groupImpact } from "@/domain/lineage/impact";
import type { LineageNode } from "@/domain/lineage/types";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { nodeTargets } from "./node-targets";
import { nodeIds, nodesById } from "./queries";
import { walk } from "./walk";

/** A change is asked about before it is made: far consequences count as near ones do. */
const DEPTH = 20;
const NODE_LIMIT = 2_000;

type Root = Pick<LineageNode, "kind" | "reference">;

/** Everything that came of any of these nodes, themselves left out, nearest first. */
export async function consequencesOf(db: Executor, projectId: string, roots: readonly Root[]) {
  const from = await nodeIds(db, projectId, roots);
  const { distances, isCut } = await walk(db, {
    projectId,
    from,
    direction: "downstream",
    depth: DEPTH,
    limit: NODE_LIMIT,
  });
  const found = [...distances].filter(([, distance]) => distance > 0).map(([id]) => id);
  const nodes = await nodesById(db, projectId, found);
  return {
    nodes: nodes.map((node) => ({ ...node, distance: distances.get(node.id) ?? 0 })),
    isCut,
  };
}

/** Impact before a change: what depends on the subject, grouped by kind, each with the screen that shows it. */
export async function getImpact(ctx: ServiceContext, scope: Scope<"lineage.read">, query: ImpactQuery) {
  const roots = await rootsOf(ctx.db, scope.projectId, query);
  const { nodes, isCut } = await consequencesOf(ctx.db, scope.projectId, roots);
  const targets = await nodeTargets(ctx.db, scope.projectId, nodes);
  const groups = groupImpact(nodes.map((node) => ({ ...node, target: targets.get(node.id) ?? null })));
  return { groups, isCut };
}

/** A dataset and a pipeline stand for all their versions. */
async function rootsOf(db: Executor, projectId: string, { kind, reference }: ImpactQuery): Promise<readonly Root[]> {
  if (kind === "dataset") {
    const rows = await db
      .select({ reference: datasetVersions.id })
      .from(datasetVersions)
      .where(and(eq(datasetVersions.projectId, projectId), eq(datasetVersions.datasetId, reference)));
    return rows.map((row) => ({ kind: "dataset_version", reference: row.reference }));
  }
  if (kind === "pipeline") {
    const rows = await db
      .select({ reference: pipelineVersions.bundleId })
      .from(pipelineVersions)
      .where(and(eq(pipelineVersions.projectId, projectId), eq(pipelineVersions.pipelineId, reference)));
    return rows.map((row) => ({ kind: "source_bundle", reference: row.reference }));
  }
  return [{ kind, reference }];
}
