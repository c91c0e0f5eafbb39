import { and, asc, desc, eq, inArray, ne, sql } from "drizzle-orm";
import { memberships, users } from "@/db/schema/identity";
import { alertEvents, alerts, monitorChecks, monitors } from "@/db/schema/monitoring";
import { mlProblems } from "@/db/schema/projects";
import { environments } from "@/db/schema/promotions";
import { modelVersions, registeredModels } from "@/db/schema/registry";
import { AppError } from "@/domain/errors";
import { can } from "@/domain/identity/policy";
import type { AlertsFilter } from "@/domain/monitoring/contracts";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";

const MOST = 200;

/** Monitors of the project with their last judgement and their open alert. */
export async function listMonitors(ctx: ServiceContext, scope: Scope<"monitoring.read">) {
  const rows = await ctx.db
    .select({
      id: monitors.id,
      number: monitors.number,
      model: registeredModels.name,
      environment: monitors.environment,
      metric: monitors.metric,
      state: monitors.state,
      owner: users.name,
      lastCheckedAt: monitors.lastCheckedAt,
      lastAsOf: monitors.lastAsOf,
      lastOutcome: monitors.lastOutcome,
      limits: sql<{ qualityFloor: number } | null>`(
        select t.limits from threshold_versions t where t.monitor_id = monitors.id and t.state = 'active')`,
      alert: sql<number | null>`(
        select a.number from alerts a where a.monitor_id = monitors.id and a.state in ('pending', 'firing') limit 1)`,
    })
    .from(monitors)
    .innerJoin(registeredModels, eq(registeredModels.id, monitors.modelId))
    .innerJoin(users, eq(users.id, monitors.ownerId))
    .where(and(eq(monitors.projectId, scope.projectId), ne(monitors.state, "deleted")))
    .orderBy(asc(registeredModels.name), asc(monitors.environment), asc(monitors.metric))
    .limit(MOST);
  const checks = await ctx.db
    .select({
      monitorId: monitorChecks.monitorId,
      windowStart: monitorChecks.windowStart,
      value: monitorChecks.value,
      coverage: monitorChecks.coverage,
      verdict: monitorChecks.verdict,
    })
    .from(monitorChecks)
    .where(and(eq(monitorChecks.projectId, scope.projectId), eq(monitorChecks.kind, "quality")))
    .orderBy(asc(monitorChecks.windowStart));
  return rows.map((row) => ({ ...row, checks: checks.filter((check) => check.monitorId === row.id).slice(-12) }));
}

const alertColumns = {
  id: alerts.id,
  number: alerts.number,
  monitorId: alerts.monitorId,
  monitorNumber: monitors.number,
  model: registeredModels.name,
  version: modelVersions.version,
  environment: alerts.environment,
  metric: alerts.metric,
  windowStart: alerts.windowStart,
  windowEnd: alerts.windowEnd,
  value: alerts.value,
  lower: alerts.lower,
  upper: alerts.upper,
  limit: alerts.limit,
  rows: alerts.rows,
  coverage: alerts.coverage,
  state: alerts.state,
  ownerId: alerts.ownerId,
  owner: users.name,
  createdAt: alerts.createdAt,
  firedAt: alerts.firedAt,
  acknowledgedAt: alerts.acknowledgedAt,
  acknowledgedBy: sql<string | null>`(select u.name from users u where u.id = alerts.acknowledged_by)`,
  resolvedAt: alerts.resolvedAt,
};

const selectAlerts = (ctx: ServiceContext) =>
  ctx.db
    .select(alertColumns)
    .from(alerts)
    .innerJoin(monitors, eq(monitors.id, alerts.monitorId))
    .innerJoin(registeredModels, eq(registeredModels.id, alerts.modelId))
    .innerJoin(modelVersions, eq(modelVersions.id, alerts.modelVersionId))
    .innerJoin(users, eq(users.id, alerts.ownerId));

/** Alerts of the project, newest first. */
export async function listAlerts(ctx: ServiceContext, scope: Scope<"monitoring.read">, filter: AlertsFilter) {
  return selectAlerts(ctx)
    .where(
      and(
        eq(alerts.projectId, scope.projectId),
        filter.state?.length ? inArray(alerts.state, filter.state) : undefined,
        filter.monitorId ? eq(alerts.monitorId, filter.monitorId) : undefined,
      ),
    )
    .orderBy(desc(alerts.number))
    .limit(MOST);
}

/** One alert by its number, with its timeline and the judgement that resolved it. */
export async function getAlert(ctx: ServiceContext, scope: Scope<"monitoring.read">, number: number) {
  const [alert] = await selectAlerts(ctx).where(and(eq(alerts.projectId, scope.projectId), eq(alerts.number, number)));
  if (!alert) throw new AppError("not_found", "alert", "There is no such alert.");
  const timeline = await ctx.db
    .select({
      id: alertEvents.id,
      kind: alertEvents.kind,
      text: alertEvents.text,
      at: alertEvents.at,
      actor: users.name,
      windowStart: monitorChecks.windowStart,
    })
    .from(alertEvents)
    .leftJoin(users, eq(users.id, alertEvents.actorId))
    .leftJoin(monitorChecks, eq(monitorChecks.id, alertEvents.checkId))
    .where(eq(alertEvents.alertId, alert.id))
    .orderBy(asc(alertEvents.id));
  return { ...alert, timeline };
}

/** What the form for a new monitor offers: models, environments, possible owners, and the metric that the project agreed on. */
export async function monitorOptions(ctx: ServiceContext, scope: Scope<"monitoring.read">) {
  const [models, places, members, [problem]] = await Promise.all([
    ctx.db
      .select({ id: registeredModels.id, name: registeredModels.name })
      .from(registeredModels)
      .where(eq(registeredModels.projectId, scope.projectId))
      .orderBy(asc(registeredModels.name)),
    ctx.db
      .select({ name: environments.name })
      .from(environments)
      .where(eq(environments.projectId, scope.projectId))
      .orderBy(asc(environments.name)),
    ctx.db
      .select({ id: users.id, name: users.name, role: memberships.role })
      .from(memberships)
      .innerJoin(users, eq(users.id, memberships.userId))
      .where(and(eq(memberships.projectId, scope.projectId), eq(users.kind, "person")))
      .orderBy(asc(users.name)),
    ctx.db
      .select({ metric: mlProblems.metric, threshold: mlProblems.acceptanceThreshold })
      .from(mlProblems)
      .where(eq(mlProblems.projectId, scope.projectId))
      .orderBy(desc(mlProblems.version))
      .limit(1),
  ]);
  const owners = new Map<string, { id: string; name: string }>();
  for (const { id, name, role } of members) if (can([role], "monitoring.acknowledge")) owners.set(id, { id, name });
  return {
    models,
    environments: places.map((place) => place.name),
    owners: [...owners.values()],
    problem: problem ?? null,
  };
}
