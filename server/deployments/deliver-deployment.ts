import { setTimeout as pause } from "node:timers/promises";
import { eq } from "drizzle-orm";
import { deployments } from "@/db/schema/deployments";
import { modelVersions } from "@/db/schema/registry";
import { authorize, systemActor } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { activateDeployment } from "./activate-deployment";
import { failDeployment } from "./fail-deployment";
import { type GatewayReadiness, readinessOf } from "./readiness";
import { smokeTest } from "./smoke-test";

export type Delivery = {
  /** How long gateways have to load the file and say that they are ready. */
  readonly readinessMs: number;
  /** Called while it waits, so that a dead worker is noticed. */
  readonly onWait?: () => void;
  readonly signal?: AbortSignal;
};

type Target = { readonly id: string; readonly digest: string };

/** Waits until every live gateway holds the file, or the time is over: then the second part says who was not ready. */
async function waitUntilReady(
  ctx: ServiceContext,
  target: Target,
  { readinessMs, onWait, signal }: Delivery,
): Promise<readonly GatewayReadiness[] | string> {
  const until = Date.now() + readinessMs;
  for (;;) {
    const gateways = (await readinessOf(ctx.db, [target])).get(target.id) ?? [];
    if (gateways.length > 0 && gateways.every(({ isReady }) => isReady)) return gateways;
    if (Date.now() >= until) return sentenceOf(gateways);
    onWait?.();
    await pause(100, undefined, { ...(signal && { signal }) });
  }
}

function sentenceOf(gateways: readonly GatewayReadiness[]): string {
  const late = gateways.find(({ isReady }) => !isReady);
  if (!late) return "No gateway is running.";
  return `Gateway ${late.instance} is not ready: ${late.detail ?? "it did not load the model in time."}`;
}

/**
 * Brings a pending deployment to the gateways: waits until each reports the digest as ready, asks for the recorded rows,
 * then gives it the traffic, or fails it while the version before keeps serving. A repeated call, or one on a
 * deployment that has ended, does nothing more.
 */
export async function deliverDeployment(ctx: ServiceContext, deploymentId: string, delivery: Delivery): Promise<void> {
  const [row] = await ctx.db
    .select({ deployment: deployments, digest: modelVersions.onnxSha256 })
    .from(deployments)
    .innerJoin(modelVersions, eq(modelVersions.id, deployments.modelVersionId))
    .where(eq(deployments.id, deploymentId));
  if (row?.deployment.state !== "pending") return;
  const { projectId } = row.deployment;
  const caller = { ctx, scope: await authorize(ctx, systemActor("Countersign"), "deployments.deploy", projectId) };
  const target = { id: deploymentId, projectId, digest: row.digest ?? "" };
  const gateways = await waitUntilReady(ctx, target, delivery);
  if (typeof gateways === "string") return failDeployment(caller, row.deployment, { reason: gateways, smoke: null });
  const smoke = await smokeTest(ctx, target, gateways);
  if (smoke.error !== null) return failDeployment(caller, row.deployment, { reason: smoke.error, smoke });
  return activateDeployment(caller, row.deployment, smoke);
}
