import { gt, inArray, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { gatewayInstances, gatewayReports } from "@/db/schema/deployments";

/** A gateway that has not renewed its row for this long, by the database's clock, is taken for dead. */
const GATEWAY_ALIVE_SECONDS = 10;

export type GatewayReadiness = {
  readonly instance: string;
  readonly address: string;
  readonly isReady: boolean;
  readonly detail: string | null;
};

/**
 * Every live gateway with what it says of each deployment: ready means that it holds exactly that digest and can answer.
 * Gateways write the database's time into their rows, so it alone decides which of them are alive.
 */
export async function readinessOf(
  db: Executor,
  targets: readonly { readonly id: string; readonly digest: string | null }[],
): Promise<ReadonlyMap<string, readonly GatewayReadiness[]>> {
  if (targets.length === 0) return new Map();
  const [live, reports] = await Promise.all([
    db
      .select({ instance: gatewayInstances.instance, address: gatewayInstances.address })
      .from(gatewayInstances)
      .where(gt(gatewayInstances.seenAt, sql`now() - ${GATEWAY_ALIVE_SECONDS} * interval '1 second'`))
      .orderBy(gatewayInstances.instance),
    db
      .select()
      .from(gatewayReports)
      .where(
        inArray(
          gatewayReports.deploymentId,
          targets.map(({ id }) => id),
        ),
      ),
  ]);
  return new Map(
    targets.map(({ id, digest }) => [
      id,
      live.map((gateway) => {
        const report = reports.find((each) => each.instance === gateway.instance && each.deploymentId === id);
        return {
          ...gateway,
          isReady: report?.isReady === true && report.digest === digest,
          detail: report?.detail ?? null,
        };
      }),
    ]),
  );
}
