import { and, eq, isNull, ne } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { memberships, users } from "@/db/schema/identity";
import { monitors } from "@/db/schema/monitoring";
import { registeredModels } from "@/db/schema/registry";
import { AppError } from "@/domain/errors";
import type { CreateMonitor } from "@/domain/monitoring/contracts";
import { audit } from "../audit/audit-caller";
import { recordingRefusal } from "../audit/record-refusal";
import { personOf, type Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { newId } from "../ids";
import { publishEvent } from "../notifications/publish-event";
import { nextNumber } from "../projects/next-number";
import { askSchedule } from "./ask-schedule";
import { insertThreshold } from "./insert-threshold";
import { monitorName } from "./record";

/** The owner is a person of the project: alerts go there. */
export async function assertOwner(db: Executor, projectId: string, ownerId: string): Promise<void> {
  const [found] = await db
    .select({ id: users.id })
    .from(users)
    .innerJoin(memberships, and(eq(memberships.userId, users.id), eq(memberships.projectId, projectId)))
    .where(and(eq(users.id, ownerId), eq(users.kind, "person"), isNull(users.deactivatedAt)))
    .limit(1);
  if (!found) throw new AppError("invalid_input", "owner", "The owner is a person of this project.");
}

/**
 * Watches a model in an environment: the monitor, its first limits, which judge nothing until two people signed them,
 * and its schedule. `already_exists` where the same metric is watched there.
 */
export function createMonitor(ctx: ServiceContext, scope: Scope<"monitoring.edit">, input: CreateMonitor) {
  const tried = {
    action: "monitoring.monitor_refused",
    entity: { kind: "registered_model", id: input.modelId },
    summary: "was refused to watch a model",
  };
  return recordingRefusal(ctx, scope, tried, () => insertMonitor(ctx, scope, input));
}

async function insertMonitor(ctx: ServiceContext, scope: Scope<"monitoring.edit">, input: CreateMonitor) {
  const { userId } = personOf(scope);
  const caller = { ctx, scope };
  const { limits, reason, ...watch } = input;
  return ctx.db.transaction(async (tx) => {
    const [model] = await tx
      .select()
      .from(registeredModels)
      .where(and(eq(registeredModels.id, input.modelId), eq(registeredModels.projectId, scope.projectId)))
      .for("no key update");
    if (!model) throw new AppError("not_found", "registered_model", "There is no such model.");
    await assertOwner(tx, scope.projectId, input.ownerId);
    const { modelId, environment, metric } = input;
    const [standing] = await tx
      .select({ number: monitors.number })
      .from(monitors)
      .where(
        and(
          eq(monitors.modelId, modelId),
          eq(monitors.environment, environment),
          eq(monitors.metric, metric),
          ne(monitors.state, "deleted"),
        ),
      );
    if (standing) throw new AppError("already_exists", "monitor", `Monitor #${standing.number} watches that already.`);
    const id = newId();
    const at = ctx.clock();
    const number = await nextNumber(tx, scope.projectId);
    const row = {
      ...watch,
      id,
      projectId: scope.projectId,
      number,
      state: "active" as const,
      createdBy: userId,
      createdAt: at,
      updatedAt: at,
    };
    await tx.insert(monitors).values(row);
    const monitor = { ...row, model: model.name };
    const threshold = await insertThreshold(tx, caller, { monitor, limits, reason, proposedBy: userId });
    await audit(tx, caller, {
      action: "monitoring.monitor_created",
      entity: { kind: "monitor", id },
      summary: `set a monitor on ${monitorName(monitor)}`,
      details: { number, metric, limits, digest: threshold.digest },
    });
    await askSchedule(tx, id, ctx.requestId);
    await publishEvent(tx, scope.projectId, "monitoring", id);
    return { id, number, thresholdId: threshold.id };
  });
}
