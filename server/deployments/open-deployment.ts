import { sql } from "drizzle-orm";
import type { Executor, Transaction } from "@/db/client";
import { deployments } from "@/db/schema/deployments";
import { DEPLOYMENTS_CHANNEL } from "@/domain/deployments/channel";
import type { Caller } from "../audit/audit-caller";
import { newId } from "../ids";
import { recordLineage } from "../lineage/record-lineage";
import { nextNumber } from "../projects/next-number";
import type { Environment, LoadedVersion } from "../promotions/promotion-facts";

/** Wakes the gateways: they read anew what they should serve. They look every two seconds anyway. */
export async function wakeGateways(db: Executor): Promise<void> {
  await db.execute(sql`select pg_notify(${DEPLOYMENTS_CHANNEL}, '')`);
}

export type NewDeployment = {
  readonly environment: Environment;
  readonly version: LoadedVersion;
  readonly kind: "promotion" | "rollback";
  readonly promotionId: string | null;
  readonly requestedBy: string | null;
  readonly reason: string | null;
};

/** Adds a pending deployment in the caller's transaction: gateways load it beside the one that serves. Takes the project's counter, so call it late. */
export async function openDeployment(tx: Transaction, { ctx, scope }: Caller, opened: NewDeployment): Promise<string> {
  const { environment, version, kind, promotionId, requestedBy, reason } = opened;
  const id = newId();
  const to = { kind: "deployment" as const, reference: id, label: `${version.name} in ${environment.name}` };
  await recordLineage(tx, scope.projectId, [
    { from: { kind: "model_version", reference: version.id, label: version.name }, to, kind: "deployed_as" },
    ...(promotionId
      ? [
          {
            from: {
              kind: "promotion" as const,
              reference: promotionId,
              label: `${version.name} to ${environment.name}`,
            },
            to,
            kind: "deployed_as" as const,
          },
        ]
      : []),
  ]);
  const number = await nextNumber(tx, scope.projectId);
  await tx.insert(deployments).values({
    id,
    projectId: scope.projectId,
    number,
    environmentId: environment.id,
    modelId: version.modelId,
    modelVersionId: version.id,
    promotionId,
    kind,
    reason,
    requestedBy,
    createdAt: ctx.clock(),
  });
  await wakeGateways(tx);
  return id;
}
