import { sql } from "drizzle-orm";
import type { Executor } from "@/db/client";

export type Walk = {
  readonly projectId: string;
  /** Ids of the nodes where it begins. */
  readonly from: readonly string[];
  readonly direction: "upstream" | "downstream";
  /** How many edges away. */
  readonly depth: number;
  /** How many nodes are visited at most, the first ones included. */
  readonly limit: number;
};

export type Walked = {
  /** Id of a node → the length of the shortest way to it. */
  readonly distances: ReadonlyMap<string, number>;
  /** More lies behind: the limit was reached. */
  readonly isCut: boolean;
};

const ends = { upstream: ["to_id", "from_id"], downstream: ["from_id", "to_id"] } as const;

/** One text for the driver, which would spread an array over as many parameters. Ids come from the table. */
export const uuids = (ids: readonly string[]) => sql`${`{${ids.join(",")}}`}::uuid[]`;

/**
 * Walks the edges in one direction, level by level: one query a level, over the index of its direction, that gives
 * neighbours which no earlier level had. So a node is visited once by its shortest way, however many ways lead to it,
 * and a cycle ends. A single recursive query would carry each node once for each length of a way to it.
 */
export async function walk(db: Executor, { projectId, from, direction, depth, limit }: Walk): Promise<Walked> {
  const [near, far] = ends[direction];
  const distances = new Map(from.map((id) => [id, 0]));
  let frontier: readonly string[] = [...distances.keys()];
  for (let distance = 1; distance <= depth && frontier.length > 0; distance += 1) {
    // There may be more roots than the limit.
    const room = Math.max(0, limit - distances.size);
    const rows = await db.execute<{ id: string }>(sql`
      select distinct ${sql.raw(far)} as id from lineage_edges
      where project_id = ${projectId} and ${sql.raw(near)} = any(${uuids(frontier)})
        and not ${sql.raw(far)} = any(${uuids([...distances.keys()])})
      order by 1 limit ${room + 1}`);
    const found = rows.map((row) => row.id);
    for (const id of found.slice(0, room)) distances.set(id, distance);
    if (found.length > room) return { distances, isCut: true };
    frontier = found;
  }
  return { distances, isCut: false };
}
