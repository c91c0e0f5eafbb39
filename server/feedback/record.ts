import { and, eq, inArray, isNull } from "drizzle-orm";
import type { Executor, Transaction } from "@/db/client";
import { feedbackEvents, feedbackItems, retrainingTriggers } from "@/db/schema/feedback";
import { memberships, users } from "@/db/schema/identity";
import { alerts, monitorChecks } from "@/db/schema/monitoring";
import { modelVersions, registeredModels } from "@/db/schema/registry";
import { AppError } from "@/domain/errors";
import type { EventKind } from "@/domain/feedback/status";
import type { Role } from "@/domain/identity/roles";
import type { Caller } from "../audit/audit-caller";
import { newId } from "../ids";

export type Item = typeof feedbackItems.$inferSelect;
export type Trigger = typeof retrainingTriggers.$inferSelect;

const NO_ITEM = () => new AppError("not_found", "feedback_item", "There is no such feedback item.");

export async function findItem(db: Executor, projectId: string, itemId: string): Promise<Item> {
  const [item] = await db
    .select()
    .from(feedbackItems)
    .where(and(eq(feedbackItems.id, itemId), eq(feedbackItems.projectId, projectId)));
  if (!item) throw NO_ITEM();
  return item;
}

/** Takes the item's row within the project. Always taken before its trigger's. */
export async function lockItem(tx: Transaction, projectId: string, itemId: string): Promise<Item> {
  const [item] = await tx
    .select()
    .from(feedbackItems)
    .where(and(eq(feedbackItems.id, itemId), eq(feedbackItems.projectId, projectId)))
    .for("no key update");
  if (!item) throw NO_ITEM();
  return item;
}

/** Takes the row of the retraining that a finding asked for; null where it asked for none. */
export async function lockTriggerOf(tx: Transaction, itemId: string): Promise<Trigger | null> {
  const [trigger] = await tx
    .select()
    .from(retrainingTriggers)
    .where(eq(retrainingTriggers.itemId, itemId))
    .for("no key update");
  return trigger ?? null;
}

/** The alert with the judgement that opened it and the names of what it is about. */
export async function findAlert(db: Executor, projectId: string, alertId: string) {
  const [row] = await db
    .select({
      alert: alerts,
      checkKind: monitorChecks.kind,
      model: registeredModels.name,
      version: modelVersions.version,
    })
    .from(alerts)
    .innerJoin(monitorChecks, eq(monitorChecks.id, alerts.checkId))
    .innerJoin(registeredModels, eq(registeredModels.id, alerts.modelId))
    .innerJoin(modelVersions, eq(modelVersions.id, alerts.modelVersionId))
    .where(and(eq(alerts.id, alertId), eq(alerts.projectId, projectId)));
  if (!row) throw new AppError("not_found", "alert", "There is no such alert.");
  return { ...row.alert, checkKind: row.checkKind, model: row.model, version: `${row.model} v${row.version}` };
}
export type Alert = Awaited<ReturnType<typeof findAlert>>;

/** A line of the item's timeline; without a person it is the product's own. */
export async function addEvent(
  db: Executor,
  { ctx, scope }: Caller,
  event: { readonly itemId: string; readonly kind: EventKind; readonly text: string },
): Promise<void> {
  const { actor } = scope;
  await db.insert(feedbackEvents).values({
    ...event,
    id: newId(),
    projectId: scope.projectId,
    byUserId: actor.kind === "person" || actor.kind === "service" ? actor.userId : null,
    at: ctx.clock(),
  });
}

/** Active people of the project who hold one of the roles. */
export async function peopleWith(db: Executor, projectId: string, roles: readonly Role[]): Promise<readonly string[]> {
  if (roles.length === 0) return [];
  const rows = await db
    .selectDistinct({ userId: memberships.userId })
    .from(memberships)
    .innerJoin(users, and(eq(users.id, memberships.userId), eq(users.kind, "person"), isNull(users.deactivatedAt)))
    .where(and(eq(memberships.projectId, projectId), inArray(memberships.role, [...roles])));
  return rows.map((row) => row.userId);
}
