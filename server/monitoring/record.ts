import { and, desc, eq, sql } from "drizzle-orm";
import type { Executor, Transaction } from "@/db/client";
import { monitors, thresholdVersions } from "@/db/schema/monitoring";
import { registeredModels } from "@/db/schema/registry";
import { AppError } from "@/domain/errors";
import type { Caller } from "../audit/audit-caller";
import { authorize, systemActor } from "../authz/authorize";
import type { ServiceContext } from "../context";

export type Monitor = typeof monitors.$inferSelect & { readonly model: string };
export type ThresholdVersion = typeof thresholdVersions.$inferSelect;

/** "seattle-rain in production": what sentences call a monitor. */
export function monitorName(monitor: Pick<Monitor, "model" | "environment">): string {
  return `${monitor.model} in ${monitor.environment}`;
}

const selectMonitor = (db: Executor) =>
  db
    .select({ monitor: monitors, model: registeredModels.name })
    .from(monitors)
    .innerJoin(registeredModels, eq(registeredModels.id, monitors.modelId));

/** A monitor of the project that is not deleted. */
export async function findMonitor(
  db: Executor,
  projectId: string,
  by: { readonly id: string } | { readonly number: number },
): Promise<Monitor> {
  const [row] = await selectMonitor(db).where(
    and(
      eq(monitors.projectId, projectId),
      "id" in by ? eq(monitors.id, by.id) : eq(monitors.number, by.number),
      sql`${monitors.state} <> 'deleted'`,
    ),
  );
  if (!row) throw new AppError("not_found", "monitor", "There is no such monitor.");
  return { ...row.monitor, model: row.model };
}

/** Ids of every monitor of the same model, environment and metric: this one and those that were deleted before it. */
export function monitorsAlike(
  db: Executor,
  { projectId, modelId, environment, metric }: Pick<Monitor, "projectId" | "modelId" | "environment" | "metric">,
) {
  return db
    .select({ id: monitors.id })
    .from(monitors)
    .where(
      and(
        eq(monitors.projectId, projectId),
        eq(monitors.modelId, modelId),
        eq(monitors.environment, environment),
        eq(monitors.metric, metric),
      ),
    );
}

/** The same, with its row taken: thresholds, checks and alerts of one monitor queue here. */
export async function lockMonitor(tx: Transaction, projectId: string, monitorId: string): Promise<Monitor> {
  const [row] = await selectMonitor(tx)
    .where(and(eq(monitors.id, monitorId), eq(monitors.projectId, projectId), sql`${monitors.state} <> 'deleted'`))
    .for("no key update", { of: monitors });
  if (!row) throw new AppError("not_found", "monitor", "There is no such monitor.");
  return { ...row.monitor, model: row.model };
}

/** The monitor of a check, in whatever project: null where it is gone. */
export async function monitorById(db: Executor, monitorId: string): Promise<Monitor | null> {
  const [row] = await selectMonitor(db).where(eq(monitors.id, monitorId));
  return row ? { ...row.monitor, model: row.model } : null;
}

/** The limits that two people signed; null where none are signed yet. */
export async function activeThreshold(db: Executor, monitorId: string): Promise<ThresholdVersion | null> {
  const [row] = await db
    .select()
    .from(thresholdVersions)
    .where(and(eq(thresholdVersions.monitorId, monitorId), eq(thresholdVersions.state, "active")));
  return row ?? null;
}

export async function lastThreshold(db: Executor, monitorId: string): Promise<ThresholdVersion | null> {
  const [row] = await db
    .select()
    .from(thresholdVersions)
    .where(eq(thresholdVersions.monitorId, monitorId))
    .orderBy(desc(thresholdVersions.version))
    .limit(1);
  return row ?? null;
}

/** The product itself as the caller, in the monitor's project: what a check does is recorded in this name. */
export async function systemCaller(ctx: ServiceContext, projectId: string): Promise<Caller> {
  return { ctx, scope: await authorize(ctx, systemActor("Countersign"), "monitoring.read", projectId) };
}
