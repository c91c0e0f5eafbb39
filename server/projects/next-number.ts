import { sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { projectCounters } from "@/db/schema/projects";

/** The next `#184` of a project: runs, promotions and deployments share one row of numbers without gaps. */
export async function nextNumber(db: Executor, projectId: string): Promise<number> {
  const [row] = await db
    .insert(projectCounters)
    .values({ projectId, number: 1 })
    .onConflictDoUpdate({ target: projectCounters.projectId, set: { number: sql`${projectCounters.number} + 1` } })
    .returning({ number: projectCounters.number });
  if (!row) throw new Error("The project's counter did not answer.");
  return row.number;
}
