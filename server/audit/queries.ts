import { and, desc, eq, gte, inArray, lt, lte, max, or, type SQL, sql } from "drizzle-orm";
import { auditEvents, auditSeals } from "@/db/schema/audit";
import type { ListAuditFilter } from "@/domain/audit/contracts";
import { AppError } from "@/domain/errors";
import { actorId } from "../authz/actor";
import type { OrganisationScope, Scope } from "../authz/authorize";
import { sha256 } from "../blobs/digest";
import type { ServiceContext } from "../context";
import { faultOf, GENESIS } from "./chain";

type AuditScope = Scope<"audit.read"> | OrganisationScope<"audit.read">;

/** What the scope lets be seen: the project's events, or the organisation's; only one's own where the reach is `own`. */
function visibleTo(scope: AuditScope): SQL | undefined {
  const isProject = "projectId" in scope;
  const place = isProject
    ? eq(auditEvents.projectId, scope.projectId)
    : eq(auditEvents.organisationId, scope.organisationId);
  // Roles in one project do not open the trail of the others.
  const seesAll = isProject ? scope.reach === "any" : scope.roles.includes("ADM") || scope.roles.includes("AUD");
  return seesAll ? place : and(place, eq(auditEvents.actorId, actorId(scope.actor)));
}

function matching(filter: ListAuditFilter): SQL | undefined {
  const { actions, actorIds, entityKind, entityId, from, to, cursor } = filter;
  const perAction = actions.map((action) =>
    or(eq(auditEvents.action, action), sql`starts_with(${auditEvents.action}, ${`${action}.`})`),
  );
  return and(
    or(...perAction),
    actorIds.length > 0 ? inArray(auditEvents.actorId, actorIds) : undefined,
    entityKind ? eq(auditEvents.entityKind, entityKind) : undefined,
    entityId ? eq(auditEvents.entityId, entityId) : undefined,
    from ? gte(auditEvents.createdAt, from) : undefined,
    to ? lte(auditEvents.createdAt, to) : undefined,
    cursor ? lt(auditEvents.id, cursor) : undefined,
  );
}

/** `verified`: text, digest and seal agree. `waiting`: committed, not chained yet. `broken`: they do not agree. */
export type Proof = "verified" | "waiting" | "broken";

const columns = {
  id: auditEvents.id,
  at: auditEvents.createdAt,
  actorKind: auditEvents.actorKind,
  actorId: auditEvents.actorId,
  actorName: auditEvents.actorName,
  action: auditEvents.action,
  entityKind: auditEvents.entityKind,
  entityId: auditEvents.entityId,
  summary: auditEvents.summary,
  sha256: auditEvents.sha256,
  text: auditEvents.text,
  sequence: auditSeals.sequence,
};

/** Newest first, by keyset on the id: `nextCursor` is null on the last page. */
export async function listAudit(ctx: ServiceContext, scope: AuditScope, filter: ListAuditFilter) {
  const rows = await ctx.db
    .select(columns)
    .from(auditEvents)
    .leftJoin(auditSeals, eq(auditSeals.eventId, auditEvents.id))
    .where(and(visibleTo(scope), matching(filter)))
    .orderBy(desc(auditEvents.id))
    .limit(filter.limit + 1);
  const page = rows.slice(0, filter.limit);
  return {
    events: page.map(({ text, ...row }) => ({ ...row, proof: proofOf(text, row) })),
    nextCursor: rows.length > filter.limit ? (page.at(-1)?.id ?? null) : null,
  };
}

function proofOf(text: string, row: { readonly sha256: string; readonly sequence: number | null }): Proof {
  if (sha256(text) !== row.sha256) return "broken";
  return row.sequence === null ? "waiting" : "verified";
}

/** Actions and people that occur, for the filters. */
export async function auditFacets(ctx: ServiceContext, scope: AuditScope) {
  const [actions, actors] = await Promise.all([
    ctx.db
      .selectDistinct({ action: auditEvents.action })
      .from(auditEvents)
      .where(visibleTo(scope))
      .orderBy(auditEvents.action),
    ctx.db
      .select({ id: auditEvents.actorId, name: max(auditEvents.actorName) })
      .from(auditEvents)
      .where(visibleTo(scope))
      .groupBy(auditEvents.actorId)
      .orderBy(max(auditEvents.actorName))
      .limit(200),
  ]);
  return {
    actions: actions.map((row) => row.action),
    actors: actors.map(({ id, name }) => ({ id, name: name ?? id })),
  };
}

/** One event with its proof: exact text, digest, seal, and whether they agree with the seal before. */
export async function getAuditEvent(ctx: ServiceContext, scope: AuditScope, eventId: string) {
  const [row] = await ctx.db
    .select({ event: auditEvents, seal: auditSeals })
    .from(auditEvents)
    .leftJoin(auditSeals, eq(auditSeals.eventId, auditEvents.id))
    .where(and(eq(auditEvents.id, eventId), visibleTo(scope)));
  if (!row) throw new AppError("not_found", "audit_event", "There is no such event.");
  const { event, seal } = row;
  if (!seal) return { event, seal, proof: proofOf(event.text, { sha256: event.sha256, sequence: null }), fault: null };
  const [before] = await ctx.db
    .select({ sequence: auditSeals.sequence, sha256: auditSeals.sha256 })
    .from(auditSeals)
    .where(eq(auditSeals.sequence, seal.sequence - 1));
  const fault = faultOf(
    { ...seal, eventSha256: event.sha256, text: event.text },
    before ?? { sequence: 0, sha256: GENESIS },
  );
  const proof: Proof = fault ? "broken" : "verified";
  return { event, seal, proof, fault };
}
