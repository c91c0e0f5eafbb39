import { and, asc, eq, inArray, or, type SQL, sql } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { modelVersions } from "@/db/schema/registry";
import { reviews } from "@/db/schema/reviews";
import { reviewEvidenceNudge } from "@/domain/reviews/workflow";
import { enqueue } from "../outbox/enqueue";

/**
 * Says that something in the evidence of open reviews changed: it is computed anew after the commit. Called in the
 * transaction of the change. It locks the reviews in the order of their ids, always before a promotion's row.
 */
async function requestWhere(
  tx: Transaction,
  about: { readonly projectId: string; readonly requestId: string },
  where?: SQL,
): Promise<void> {
  const open = await tx
    .select({ id: reviews.id })
    .from(reviews)
    .where(and(eq(reviews.projectId, about.projectId), eq(reviews.state, "open"), where))
    .orderBy(asc(reviews.id))
    .for("no key update");
  if (open.length === 0) return;
  const ids = open.map(({ id }) => id);
  await tx
    .update(reviews)
    .set({ requestedRevision: sql`${reviews.requestedRevision} + 1` })
    .where(inArray(reviews.id, ids));
  for (const id of ids) await enqueue(tx, reviewEvidenceNudge(id), about.requestId);
}

/** The slices, the policy or the version in production changed: every open review of the project looks again. */
export async function requestEvidenceOfProject(
  tx: Transaction,
  about: { readonly projectId: string; readonly requestId: string },
): Promise<void> {
  await requestWhere(tx, about);
}

/** A version was measured anew: the open reviews in which it is one of the two sides look again. */
export async function requestEvidenceOfVersion(
  tx: Transaction,
  about: { readonly projectId: string; readonly modelVersionId: string; readonly requestId: string },
): Promise<void> {
  const run = tx
    .select({ id: modelVersions.experimentRunId })
    .from(modelVersions)
    .where(and(eq(modelVersions.id, about.modelVersionId), eq(modelVersions.projectId, about.projectId)));
  await requestWhere(
    tx,
    about,
    or(
      eq(reviews.modelVersionId, about.modelVersionId),
      eq(reviews.baseVersionId, about.modelVersionId),
      inArray(reviews.experimentRunId, run),
    ),
  );
}
