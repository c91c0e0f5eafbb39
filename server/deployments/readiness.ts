import { eq, gt } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { gatewayInstances, gatewayReports } from "@/db/schema/deployments";

/** A gateway that has not renewed its row for this long is taken for dead. */
export const GATEWAY_ALIVE_MS = 10_000;

export type GatewayReadiness = {
  readonly instance: string;
  readonly address: string;
  readonly isReady: boolean;
  readonly detail: string | null;
};

/** Every live gateway with what it says of a deployment: ready means that it holds exactly that digest and can answer. */
export async function readinessOf(
  db: Executor,
  deployment: { readonly id: string; readonly digest: string },
  now: Date,
): Promise<readonly GatewayReadiness[]> {
  const [live, reports] = await Promise.all([
    db
      .select()
      .from(gatewayInstances)
      .where(gt(gatewayInstances.seenAt, new Date(now.getTime() - GATEWAY_ALIVE_MS)))
      .orderBy(gatewayInstances.instance),
    db.select().from(gatewayReports).where(eq(gatewayReports.deploymentId, deployment.id)),
  ]);
  return live.map(({ instance, address }) => {
    const report = reports.find((candidate) => candidate.instance === instance);
    const isReady = report?.isReady === true && report.digest === deployment.digest;
    return { instance, address, isReady, detail: report?.detail ?? null };
  });
}
