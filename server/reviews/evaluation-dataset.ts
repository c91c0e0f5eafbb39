import { eq } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { datasets, datasetVersions } from "@/db/schema/data";
import { reviewPolicy } from "./record";

/** The dataset version on which the platform compares versions, as the policy names it; null until one is published. */
export async function evaluationDataset(db: Executor, projectId: string) {
  const policy = await reviewPolicy(db, projectId);
  if (!policy) return null;
  const [row] = await db
    .select({ version: datasetVersions, name: datasets.name })
    .from(datasetVersions)
    .innerJoin(datasets, eq(datasets.id, datasetVersions.datasetId))
    .where(eq(datasetVersions.id, policy.rules.holdoutDatasetVersionId));
  if (!row) return null;
  const { schema, rows, parquetSha256, version } = row.version;
  return { name: `${row.name} v${version}`, schema, rows, parquetSha256 };
}
