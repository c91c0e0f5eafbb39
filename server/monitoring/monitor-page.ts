import { and, asc, desc, eq, inArray, isNull, sql } from "drizzle-orm";
import { approvalSignOffs, approvals } from "@/db/schema/approvals";
import { deployments } from "@/db/schema/deployments";
import { memberships, users } from "@/db/schema/identity";
import { monitorChecks, thresholdVersions } from "@/db/schema/monitoring";
import { environments } from "@/db/schema/promotions";
import { modelVersions } from "@/db/schema/registry";
import { THRESHOLD_SIGNERS } from "@/domain/monitoring/policy";
import { rulesOf } from "../approvals/sign-offs";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { listAlerts } from "./queries";
import { findMonitor, type Monitor } from "./record";
import { spanOf } from "./traffic";

/** Everything that the page of one monitor shows. */
export async function getMonitor(ctx: ServiceContext, scope: Scope<"monitoring.read">, number: number) {
  const monitor = await findMonitor(ctx.db, scope.projectId, { number });
  const [[owner], checks, thresholds, releases, open, alerts, signers] = await Promise.all([
    ctx.db.select({ name: users.name }).from(users).where(eq(users.id, monitor.ownerId)),
    checksOf(ctx, monitor),
    thresholdsOf(ctx, monitor),
    releasesOf(ctx, monitor),
    openWindow(ctx, monitor),
    listAlerts(ctx, scope, { monitorId: monitor.id }),
    signersOf(ctx, monitor.projectId),
  ]);
  return {
    ...monitor,
    owner: owner?.name ?? "",
    checks,
    thresholds,
    releases,
    open,
    alerts,
    signers,
    myRoles: scope.roles,
  };
}

async function checksOf(ctx: ServiceContext, monitor: Monitor) {
  return ctx.db
    .select({
      id: monitorChecks.id,
      kind: monitorChecks.kind,
      windowStart: monitorChecks.windowStart,
      windowEnd: monitorChecks.windowEnd,
      asOf: monitorChecks.asOf,
      version: modelVersions.version,
      rows: monitorChecks.rows,
      labelled: monitorChecks.labelled,
      coverage: monitorChecks.coverage,
      value: monitorChecks.value,
      lower: monitorChecks.lower,
      upper: monitorChecks.upper,
      limit: monitorChecks.limit,
      verdict: monitorChecks.verdict,
      details: monitorChecks.details,
      checkedAt: monitorChecks.checkedAt,
      correctedValue: monitorChecks.correctedValue,
      correctedLabelled: monitorChecks.correctedLabelled,
      correctedAt: monitorChecks.correctedAt,
    })
    .from(monitorChecks)
    .innerJoin(modelVersions, eq(modelVersions.id, monitorChecks.modelVersionId))
    .where(eq(monitorChecks.monitorId, monitor.id))
    .orderBy(asc(monitorChecks.windowStart));
}

/** Versions of the limits, newest first, each with its signatures. */
async function thresholdsOf(ctx: ServiceContext, monitor: Monitor) {
  const rows = await ctx.db
    .select({ threshold: thresholdVersions, approval: approvals, proposer: users.name })
    .from(thresholdVersions)
    .innerJoin(approvals, eq(approvals.id, thresholdVersions.approvalId))
    .innerJoin(users, eq(users.id, thresholdVersions.proposedBy))
    .where(eq(thresholdVersions.monitorId, monitor.id))
    .orderBy(desc(thresholdVersions.version));
  const ids = rows.map(({ approval }) => approval.id);
  const given =
    ids.length === 0
      ? []
      : await ctx.db
          .select({ signOff: approvalSignOffs, name: users.name })
          .from(approvalSignOffs)
          .innerJoin(users, eq(users.id, approvalSignOffs.userId))
          .where(inArray(approvalSignOffs.approvalId, ids))
          .orderBy(approvalSignOffs.id);
  return rows.map(({ threshold, approval, proposer }) => ({
    ...threshold,
    proposer,
    approval: {
      id: approval.id,
      deadlineAt: approval.deadlineAt,
      rules: rulesOf(approval),
      signatures: given
        .filter(({ signOff }) => signOff.approvalId === approval.id)
        .map(({ signOff, name }) => ({ ...signOff, name })),
    },
  }));
}

/** People of the project who may sign limits, by role. */
async function signersOf(ctx: ServiceContext, projectId: string) {
  return ctx.db
    .select({ userId: users.id, name: users.name, role: memberships.role })
    .from(memberships)
    .innerJoin(users, and(eq(users.id, memberships.userId), eq(users.kind, "person"), isNull(users.deactivatedAt)))
    .where(and(eq(memberships.projectId, projectId), inArray(memberships.role, [...THRESHOLD_SIGNERS])))
    .orderBy(asc(users.name));
}

/** When versions came into the watched traffic, on the axis of event time: the first answer that each deployment gave. */
async function releasesOf(ctx: ServiceContext, monitor: Monitor) {
  const rows = await ctx.db
    .select({
      id: deployments.id,
      number: deployments.number,
      version: modelVersions.version,
      kind: deployments.kind,
      activatedAt: deployments.activatedAt,
      at: sql<Date | null>`(
        select min(p.event_time) from predictions p
        where p.model_id = ${monitor.modelId} and p.environment = ${monitor.environment} and p.deployment_id = deployments.id)`.mapWith(
        (value: string) => new Date(value),
      ),
    })
    .from(deployments)
    .innerJoin(environments, eq(environments.id, deployments.environmentId))
    .innerJoin(modelVersions, eq(modelVersions.id, deployments.modelVersionId))
    .where(
      and(
        eq(deployments.projectId, monitor.projectId),
        eq(deployments.modelId, monitor.modelId),
        eq(environments.name, monitor.environment),
        inArray(deployments.state, ["active", "replaced"]),
      ),
    )
    .orderBy(asc(deployments.createdAt));
  return rows.flatMap((row) => (row.at ? [{ ...row, at: row.at }] : []));
}

/** What is known of the answers that no check has judged yet: the newest quarter, as it stands. */
async function openWindow(ctx: ServiceContext, monitor: Monitor) {
  const span = await spanOf(ctx.db, monitor);
  if (!span) return null;
  const [row] = await ctx.db.execute<{ rows: number; labelled: number }>(sql`
    select count(*)::int as rows, count(l.request_id)::int as labelled
    from predictions p
    left join labels l on l.project_id = p.project_id and l.request_id = p.request_id and l."row" = p."row"
    where p.model_id = ${monitor.modelId} and p.environment = ${monitor.environment} and p.project_id = ${monitor.projectId}
      and p.event_time >= date_trunc('quarter', ${span.asOf.toISOString()}::timestamptz at time zone 'UTC') at time zone 'UTC'`);
  return { ...span, rows: row?.rows ?? 0, labelled: row?.labelled ?? 0 };
}
