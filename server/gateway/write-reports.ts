import { and, eq, notInArray, sql } from "drizzle-orm";
import { deployments, gatewayInstances, gatewayReports } from "@/db/schema/deployments";
import type { ServiceContext } from "../context";
import type { DeploymentSet } from "./deployment-set";

export type Identity = { readonly instance: string; readonly address: string };

/** Says that this gateway is alive and what it holds: one row per instance and deployment, old ones removed. */
export async function writeReports(
  ctx: Pick<ServiceContext, "db">,
  identity: Identity,
  reports: ReturnType<DeploymentSet["reports"]>,
): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const now = sql`clock_timestamp()`;
    await tx
      .insert(gatewayInstances)
      .values({ ...identity, seenAt: now })
      .onConflictDoUpdate({ target: gatewayInstances.instance, set: { address: identity.address, seenAt: now } });
    const ids = reports.map((report) => report.deployment.id);
    const others = ids.length > 0 ? notInArray(gatewayReports.deploymentId, ids) : undefined;
    await tx.delete(gatewayReports).where(and(eq(gatewayReports.instance, identity.instance), others));
    if (reports.length === 0) return;
    // A deployment may be gone since the list was read (a restored database); its report has nowhere to go.
    const known = new Set(
      (await tx.select({ id: deployments.id }).from(deployments).where(sql`${deployments.id} in ${ids}`)).map(
        (row) => row.id,
      ),
    );
    const rows = reports
      .filter((report) => known.has(report.deployment.id))
      .map(({ deployment, isReady, detail }) => ({
        instance: identity.instance,
        deploymentId: deployment.id,
        digest: deployment.digest,
        isReady,
        detail,
        reportedAt: now,
      }));
    if (rows.length === 0) return;
    await tx
      .insert(gatewayReports)
      .values(rows)
      .onConflictDoUpdate({
        target: [gatewayReports.instance, gatewayReports.deploymentId],
        set: {
          digest: sql`excluded.digest`,
          isReady: sql`excluded.is_ready`,
          detail: sql`excluded.detail`,
          reportedAt: sql`excluded.reported_at`,
        },
      });
  });
}

/** A gateway that stops in order leaves no row that others would wait for. */
export async function removeReports(ctx: Pick<ServiceContext, "db">, instance: string): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    await tx.delete(gatewayReports).where(eq(gatewayReports.instance, instance));
    await tx.delete(gatewayInstances).where(eq(gatewayInstances.instance, instance));
  });
}
