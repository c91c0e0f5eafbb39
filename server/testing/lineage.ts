import { sql } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { authorize, systemActor } from "../authz/authorize";
import { parseConfig } from "../config/config";
import { openContext } from "../context";
import { getLineage } from "../lineage/queries";

/** Milliseconds of each call, and how many nodes the last one gave. */
export type LineageTimes = { readonly edges: number; readonly nodes: number; readonly times: readonly number[] };

const LAYERS = 21;
const WIDTH = 1_000;
const PARENTS = 5;
const WARM_UP = 5;
const CALLS = 50;

/**
 * Times the whole query of the lineage page for nodes at the foot of a graph of 100,000 edges in a project: 21 layers
 * of 1,000 nodes, each with five parents above it, so that ways meet again and again. All of it happens in one
 * transaction that is rolled back: the project keeps what it had.
 */
export async function timeLineage(env: NodeJS.ProcessEnv, projectId: string): Promise<LineageTimes> {
  const ctx = openContext(parseConfig(env), "bench", 1);
  const done = new Error("measured");
  let measured: LineageTimes | null = null;
  try {
    await ctx.db.transaction(async (tx) => {
      await fill(tx, projectId);
      const scope = await authorize({ db: tx }, systemActor("bench"), "lineage.read", projectId);
      const times: number[] = [];
      let nodes = 0;
      for (let call = 0; call < WARM_UP + CALLS; call += 1) {
        const begun = performance.now();
        const graph = await getLineage({ db: tx }, scope, {
          kind: "artifact",
          reference: `bench-${LAYERS - 1}-${(call * 37) % WIDTH}`,
          direction: "upstream",
          depth: 20,
        });
        if (call >= WARM_UP) times.push(performance.now() - begun);
        nodes = graph.nodes.length;
      }
      measured = { edges: (LAYERS - 1) * WIDTH * PARENTS, nodes, times: times.sort((a, b) => a - b) };
      throw done;
    });
  } catch (error) {
    if (error !== done) throw error;
  } finally {
    await ctx.close();
  }
  if (!measured) throw new Error("Nothing was measured.");
  return measured;
}

async function fill(tx: Transaction, projectId: string): Promise<void> {
  await tx.execute(sql`
    insert into lineage_nodes (id, project_id, kind, reference, label)
    select gen_random_uuid(), ${projectId}, 'artifact', 'bench-' || layer || '-' || place, 'bench ' || layer || ' ' || place
    from generate_series(0, ${LAYERS - 1}) layer, generate_series(0, ${WIDTH - 1}) place`);
  await tx.execute(sql`analyze lineage_nodes`);
  await tx.execute(sql`
    insert into lineage_edges (id, project_id, from_id, to_id, kind)
    select gen_random_uuid(), ${projectId}, above.id, below.id, 'input_of'
    from generate_series(1, ${LAYERS - 1}) layer, generate_series(0, ${WIDTH - 1}) place, generate_series(1, ${PARENTS}) parent
    join lateral (select id from lineage_nodes where project_id = ${projectId} and kind = 'artifact'
      and reference = 'bench-' || layer || '-' || place) below on true
    join lateral (select id from lineage_nodes where project_id = ${projectId} and kind = 'artifact'
      and reference = 'bench-' || layer - 1 || '-' || (place * 7 + parent * parent * 31) % ${WIDTH}) above on true`);
  await tx.execute(sql`analyze lineage_edges`);
}
