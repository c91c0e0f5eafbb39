import { and, desc, eq, gt, gte, inArray, isNull, ne, notInArray, notLike, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { approvalSignOffs, approvals } from "@/db/schema/approvals";
import { auditEvents } from "@/db/schema/audit";
import { deployments, trafficStops } from "@/db/schema/deployments";
import { roleGrants, sessions, users } from "@/db/schema/identity";
import { notifications } from "@/db/schema/notifications";
import { projects } from "@/db/schema/projects";
import { environments, promotions } from "@/db/schema/promotions";
import { modelVersions, registeredModels } from "@/db/schema/registry";
import { servingTraffic } from "@/db/schema/serving";
import { missingRoles, refusalForPerson } from "@/domain/approvals/policy";
import type { Role } from "@/domain/identity/roles";
import { percentileMs } from "@/domain/serving/latency";
import { rulesOf, signOffOf } from "../approvals/sign-offs";
import type { Actor } from "../authz/actor";
import type { ServiceContext } from "../context";
import { viewsToSign } from "../features/waiting";
import { itemsToAnswer } from "../feedback/waiting";
import { listProjects } from "../projects/queries";
import { targetsOf } from "./targets";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

type MyProject = Awaited<ReturnType<typeof listProjects>>[number];

/** What a person has to do: promotions and definitions that they may sign now, feedback that they may answer, grants that wait for a second administrator, unread notices. */
export async function listWaiting(ctx: ServiceContext, actor: Actor) {
  const mine = await listProjects(ctx, actor);
  const [signatures, definitions, feedback, grants, notices] = await Promise.all([
    signaturesFor(ctx, actor, mine),
    actor.kind === "person" ? viewsToSign(ctx.db, actor.userId, mine) : [],
    actor.kind === "person" ? itemsToAnswer(ctx.db, mine) : [],
    grantsFor(ctx, actor),
    noticesFor(ctx, actor),
  ]);
  return { signatures, definitions, feedback, grants, notices };
}

/** Open promotions that the person may sign by the rule of signing itself, the nearest deadline first. */
async function signaturesFor(ctx: ServiceContext, actor: Actor, mine: readonly MyProject[]) {
  if (actor.kind !== "person" || mine.length === 0) return [];
  const rows = await ctx.db
    .select({
      approval: approvals,
      number: promotions.number,
      model: registeredModels.name,
      version: modelVersions.version,
      environment: environments.name,
      proposedBy: users.name,
      proposedAt: promotions.createdAt,
    })
    .from(approvals)
    .innerJoin(promotions, eq(promotions.approvalId, approvals.id))
    .innerJoin(registeredModels, eq(registeredModels.id, promotions.modelId))
    .innerJoin(modelVersions, eq(modelVersions.id, promotions.modelVersionId))
    .innerJoin(environments, eq(environments.id, promotions.environmentId))
    .innerJoin(users, eq(users.id, promotions.proposedBy))
    .where(
      and(
        eq(approvals.state, "open"),
        // Nobody can sign what a rule blocks.
        eq(sql`cardinality(${approvals.blockingRules})`, 0),
        inArray(
          approvals.projectId,
          mine.map((project) => project.id),
        ),
      ),
    )
    .orderBy(approvals.deadlineAt);
  if (rows.length === 0) return [];
  const signed = await ctx.db
    .select()
    .from(approvalSignOffs)
    .where(
      inArray(
        approvalSignOffs.approvalId,
        rows.map((row) => row.approval.id),
      ),
    );
  return rows.flatMap(({ approval, ...promotion }) => {
    const project = mine.find((each) => each.id === approval.projectId);
    const signOffs = signed.filter((row) => row.approvalId === approval.id).map(signOffOf);
    const rules = rulesOf(approval);
    const asRole = rules.requiredRoles.find(
      (role) =>
        !refusalForPerson(rules, signOffs, {
          userId: actor.userId,
          isPerson: true,
          heldRoles: project?.roles ?? [],
          asRole: role,
        }),
    );
    // What a rule blocks nobody can sign yet, say before its review is approved.
    if (!project || !asRole || rules.blockingRules.length > 0) return [];
    const others: readonly Role[] = missingRoles(rules, signOffs).filter((role) => role !== asRole);
    const { slug, name, risk } = project;
    return [
      { ...promotion, id: approval.id, project: { slug, name, risk }, asRole, others, deadlineAt: approval.deadlineAt },
    ];
  });
}

/** Grants that another administrator asked for: roles in projects, and standings in the organisation (`project` null). */
async function grantsFor(ctx: ServiceContext, actor: Actor) {
  if (actor.kind !== "person") return [];
  const me = alias(users, "me");
  return ctx.db
    .select({
      id: roleGrants.id,
      name: users.name,
      role: roleGrants.role,
      project: projects.name,
      createdAt: roleGrants.createdAt,
    })
    .from(roleGrants)
    .innerJoin(users, eq(users.id, roleGrants.userId))
    .innerJoin(me, and(eq(me.id, actor.userId), eq(me.organisationId, users.organisationId), eq(me.standing, "ADM")))
    .leftJoin(projects, eq(projects.id, roleGrants.projectId))
    .where(
      and(
        isNull(roleGrants.decidedAt),
        ne(roleGrants.requestedBy, actor.userId),
        actor.token?.projectId ? eq(roleGrants.projectId, actor.token.projectId) : undefined,
      ),
    )
    .orderBy(roleGrants.createdAt);
}

async function noticesFor(ctx: ServiceContext, actor: Actor) {
  if (actor.kind !== "person") return [];
  const rows = await ctx.db
    .select({
      id: notifications.id,
      kind: notifications.kind,
      title: notifications.title,
      createdAt: notifications.createdAt,
      entityKind: notifications.entityKind,
      entityId: notifications.entityId,
      project: { slug: projects.slug, name: projects.name },
    })
    .from(notifications)
    .innerJoin(projects, eq(projects.id, notifications.projectId))
    .where(
      and(
        eq(notifications.userId, actor.userId),
        isNull(notifications.readAt),
        // The open signature or item itself stands in the list, and leaves it when it is given or answered.
        notInArray(notifications.kind, ["promotions.asked", "promotions.reminder", "feedback.asked", "features.asked"]),
      ),
    )
    .orderBy(desc(notifications.createdAt))
    .limit(20);
  const targets = await targetsOf(
    ctx.db,
    rows.map((row) => ({ kind: row.entityKind, id: row.entityId })),
  );
  return rows.map(({ entityKind: _kind, entityId, ...row }) => ({ ...row, target: targets.get(entityId) ?? null }));
}

/** When the person was here before: the start of their last but one session; a week ago for a first visit. */
async function lastVisit(ctx: ServiceContext, actor: Actor): Promise<Date> {
  const weekAgo = new Date(ctx.clock().getTime() - 7 * DAY_MS);
  if (actor.kind !== "person") return weekAgo;
  const [, before] = await ctx.db
    .select({ createdAt: sessions.createdAt })
    .from(sessions)
    .where(eq(sessions.userId, actor.userId))
    .orderBy(desc(sessions.createdAt))
    .limit(2);
  return before?.createdAt ?? weekAgo;
}

const MOST_CHANGES = 12;

/**
 * Facts of the person's projects since their last visit, newest first, as sentences. These are the artefacts that every
 * role may see; accounts, tokens and refusals belong to the audit trail and stay out.
 */
export async function listChanges(ctx: ServiceContext, actor: Actor) {
  const [mine, since] = await Promise.all([listProjects(ctx, actor), lastVisit(ctx, actor)]);
  if (mine.length === 0) return { since, changes: [], total: 0 };
  const matches = and(
    inArray(
      auditEvents.projectId,
      mine.map((project) => project.id),
    ),
    gt(auditEvents.createdAt, since),
    notLike(auditEvents.action, "identity.%"),
    notLike(auditEvents.action, "audit.%"),
    notLike(auditEvents.action, "%\\_refused"),
  );
  const [rows, total] = await Promise.all([
    ctx.db.select().from(auditEvents).where(matches).orderBy(desc(auditEvents.id)).limit(MOST_CHANGES),
    ctx.db.$count(auditEvents, matches),
  ]);
  const targets = await targetsOf(
    ctx.db,
    rows.map((row) => ({ kind: row.entityKind, id: row.entityId })),
  );
  const byId = new Map(mine.map(({ id, slug, name }) => [id, { slug, name }]));
  const changes = rows.map((row) => ({
    id: row.id,
    at: row.createdAt,
    action: row.action,
    actorName: row.actorName,
    isMine: actor.kind === "person" && row.actorId === actor.userId,
    summary: row.summary,
    project: (row.projectId && byId.get(row.projectId)) || null,
    target: targets.get(row.entityId) ?? null,
  }));
  return { since, changes, total };
}

/** Versions in production in all projects of the person, with their traffic of the last 24 hours. */
export async function listFleet(ctx: ServiceContext, actor: Actor) {
  const mine = await listProjects(ctx, actor);
  if (mine.length === 0) return [];
  const ids = mine.map((project) => project.id);
  const rows = await ctx.db
    .select({
      id: deployments.id,
      project: { slug: projects.slug, name: projects.name },
      model: registeredModels.name,
      version: modelVersions.version,
      since: deployments.activatedAt,
      isStopped: trafficStops.isStopped,
    })
    .from(deployments)
    .innerJoin(environments, and(eq(environments.id, deployments.environmentId), eq(environments.name, "production")))
    .innerJoin(projects, eq(projects.id, deployments.projectId))
    .innerJoin(registeredModels, eq(registeredModels.id, deployments.modelId))
    .innerJoin(modelVersions, eq(modelVersions.id, deployments.modelVersionId))
    .leftJoin(
      trafficStops,
      and(eq(trafficStops.environmentId, deployments.environmentId), eq(trafficStops.modelId, deployments.modelId)),
    )
    .where(and(eq(deployments.state, "active"), inArray(deployments.projectId, ids)))
    .orderBy(projects.name, registeredModels.name);
  if (rows.length === 0) return [];
  const traffic = await trafficOf(ctx, ids);
  return rows.map((row) => ({ ...row, isStopped: row.isStopped ?? false, traffic: traffic.get(row.id) ?? null }));
}

const HOURS = 24;

/**
 * Rows answered, p95 of the latency in ms, and rows per hour (oldest first) by deployment: of the present hour and the
 * 23 before it, as they were counted when the predictions came.
 */
async function trafficOf(ctx: ServiceContext, projectIds: readonly string[]) {
  const thisHour = Math.floor(ctx.clock().getTime() / HOUR_MS) * HOUR_MS;
  const from = new Date(thisHour - (HOURS - 1) * HOUR_MS);
  const counts = await ctx.db
    .select({
      deploymentId: servingTraffic.deploymentId,
      hour: servingTraffic.hour,
      latencyClass: servingTraffic.latencyClass,
      rows: servingTraffic.rows,
    })
    .from(servingTraffic)
    .where(and(inArray(servingTraffic.projectId, [...projectIds]), gte(servingTraffic.hour, from)));
  const deploymentIds = [...new Set(counts.map(({ deploymentId }) => deploymentId))];
  return new Map(
    deploymentIds.map((id) => {
      const mine = counts.filter(({ deploymentId }) => deploymentId === id);
      const perHour = Array.from({ length: HOURS }, (_, at) =>
        rowsOf(mine.filter(({ hour }) => hour.getTime() === from.getTime() + at * HOUR_MS)),
      );
      return [id, { rows: rowsOf(mine), p95Ms: percentileMs(mine, 0.95) ?? 0, perHour }] as const;
    }),
  );
}

function rowsOf(counts: readonly { readonly rows: number }[]): number {
  return counts.reduce((sum, { rows }) => sum + rows, 0);
}
