import { and, desc, eq } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { trainingSets } from "@/db/schema/features";
import { modelVersions } from "@/db/schema/registry";

export type TrainingSet = typeof trainingSets.$inferSelect;

/** The rows that a model version was trained on, by the run that registered it; null where no `features` step made them. */
export async function trainingSetOfVersion(
  db: Executor,
  projectId: string,
  modelVersionId: string,
): Promise<TrainingSet | null> {
  const [found] = await db
    .select({ trainingSet: trainingSets })
    .from(modelVersions)
    .innerJoin(trainingSets, eq(trainingSets.runId, modelVersions.pipelineRunId))
    .where(
      and(
        eq(modelVersions.id, modelVersionId),
        eq(modelVersions.projectId, projectId),
        eq(trainingSets.projectId, projectId),
      ),
    )
    .orderBy(desc(trainingSets.createdAt), desc(trainingSets.id))
    .limit(1);
  return found?.trainingSet ?? null;
}
