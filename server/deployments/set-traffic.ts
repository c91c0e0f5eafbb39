import { and, eq } from "drizzle-orm";
import { trafficStops } from "@/db/schema/deployments";
import { registeredModels } from "@/db/schema/registry";
import type { TrafficInput } from "@/domain/deployments/contracts";
import { AppError } from "@/domain/errors";
import { audit } from "../audit/audit-caller";
import { personOf, type Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { publishEvent } from "../notifications/publish-event";
import { lockEnvironment } from "../promotions/promotion-facts";
import { wakeGateways } from "./open-deployment";

const WORDS = {
  stop: {
    done: "deployments.traffic_stopped",
    verb: "stopped",
    refused: "deployments.stop_refused",
    already: "Its traffic is stopped already.",
  },
  resume: {
    done: "deployments.traffic_resumed",
    verb: "resumed",
    refused: "deployments.resume_refused",
    already: "Its traffic is not stopped.",
  },
} as const;

/**
 * The emergency stop of a model's traffic in an environment, and its end. It takes effect in the gateways at once and
 * changes no deployment. `conflict` where it is so already.
 */
export async function setTraffic(
  ctx: ServiceContext,
  scope: Scope<"deployments.stop">,
  change: TrafficInput & { readonly act: "stop" | "resume" },
) {
  const person = personOf(scope);
  const caller = { ctx, scope };
  const words = WORDS[change.act];
  const isStopped = change.act === "stop";
  const isRefused = await ctx.db.transaction(async (tx) => {
    const environment = await lockEnvironment(tx, scope.projectId, { name: change.environment });
    const [model] = await tx
      .select()
      .from(registeredModels)
      .where(and(eq(registeredModels.id, change.modelId), eq(registeredModels.projectId, scope.projectId)));
    if (!model) throw new AppError("not_found", "registered_model", "There is no such model.");
    const key = { environmentId: environment.id, modelId: model.id };
    const [before] = await tx
      .select()
      .from(trafficStops)
      .where(and(eq(trafficStops.environmentId, key.environmentId), eq(trafficStops.modelId, key.modelId)));
    const entity = { kind: "registered_model", id: model.id };
    if ((before?.isStopped ?? false) === isStopped) {
      await audit(tx, caller, {
        action: words.refused,
        entity,
        summary: `was refused: ${words.already}`,
        details: { environment: environment.name, reason: change.reason },
      });
      return true;
    }
    const row = { isStopped, reason: change.reason, changedBy: person.userId, changedAt: ctx.clock() };
    await tx
      .insert(trafficStops)
      .values({ ...key, projectId: scope.projectId, ...row })
      .onConflictDoUpdate({ target: [trafficStops.environmentId, trafficStops.modelId], set: row });
    await audit(tx, caller, {
      action: words.done,
      entity,
      summary: `${words.verb} the traffic of ${model.name} in ${environment.name}`,
      details: { environment: environment.name, reason: change.reason },
    });
    await wakeGateways(tx);
    await publishEvent(tx, scope.projectId, "deployments", model.id);
    return false;
  });
  if (isRefused) throw new AppError("conflict", "no_change", words.already);
}
