import { and, desc, eq, inArray, lt, or, type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { feedbackItems, retrainingTriggers } from "@/db/schema/feedback";
import { users } from "@/db/schema/identity";
import { alerts } from "@/db/schema/monitoring";
import { answerRefusal } from "@/domain/feedback/arrows";
import type { ItemsFilter } from "@/domain/feedback/contracts";
import { ITEM_STATES, isOverdue } from "@/domain/feedback/status";
import { FEEDBACK_KINDS, type FeedbackKind, type ResolutionKind } from "@/domain/feedback/types";
import type { Role } from "@/domain/identity/roles";
import { userIdOf } from "../authz/actor";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { listResolutions } from "./resolutions";

type Readable = Scope<"feedback.read">;

const PAGE = 50;

/** Kinds whose items somebody with these roles may accept and decline. */
function kindsAnsweredBy(roles: readonly Role[]): readonly FeedbackKind[] {
  return FEEDBACK_KINDS.filter((kind) => answerRefusal(kind, roles) === null);
}

function isMine({ actor, roles }: Readable): SQL {
  const kinds = kindsAnsweredBy(roles);
  const userId = userIdOf(actor);
  const mine = or(
    kinds.length > 0 ? inArray(feedbackItems.kind, [...kinds]) : undefined,
    userId ? eq(feedbackItems.createdBy, userId) : undefined,
  );
  return mine ?? sql`false`;
}

/** Items of the project, newest first, a page of 50 by their number. */
export async function listItems(ctx: ServiceContext, scope: Readable, filter: ItemsFilter) {
  const sender = alias(users, "sender");
  const answerer = alias(users, "answerer");
  const rows = await ctx.db
    .select({
      id: feedbackItems.id,
      number: feedbackItems.number,
      kind: feedbackItems.kind,
      state: feedbackItems.state,
      title: feedbackItems.title,
      receivers: feedbackItems.receivers,
      createdAt: feedbackItems.createdAt,
      dueAt: feedbackItems.dueAt,
      createdBy: sender.name,
      answeredBy: answerer.name,
    })
    .from(feedbackItems)
    .leftJoin(sender, eq(sender.id, feedbackItems.createdBy))
    .leftJoin(answerer, eq(answerer.id, feedbackItems.answeredBy))
    .where(
      and(
        eq(feedbackItems.projectId, scope.projectId),
        filter.state?.length ? inArray(feedbackItems.state, filter.state) : undefined,
        filter.kind?.length ? inArray(feedbackItems.kind, filter.kind) : undefined,
        filter.mine ? isMine(scope) : undefined,
        filter.cursor ? lt(feedbackItems.number, filter.cursor) : undefined,
      ),
    )
    .orderBy(desc(feedbackItems.number))
    .limit(PAGE + 1);
  const now = ctx.clock();
  return {
    items: rows.slice(0, PAGE).map((row) => ({ ...row, isOverdue: isOverdue(row, now) })),
    hasMore: rows.length > PAGE,
  };
}

/** How many items stand in each state and come by each arrow, for the filters' counts. */
export async function countItems(ctx: ServiceContext, scope: Readable) {
  const rows = await ctx.db
    .select({ state: feedbackItems.state, kind: feedbackItems.kind, count: sql<number>`count(*)::int` })
    .from(feedbackItems)
    .where(eq(feedbackItems.projectId, scope.projectId))
    .groupBy(feedbackItems.state, feedbackItems.kind);
  const total = (matches: (row: (typeof rows)[number]) => boolean) =>
    rows.filter(matches).reduce((sum, row) => sum + row.count, 0);
  return {
    states: ITEM_STATES.map((state) => ({ state, count: total((row) => row.state === state) })),
    kinds: FEEDBACK_KINDS.map((kind) => ({ kind, count: total((row) => row.kind === kind) })),
  };
}

/** Why a pipeline run exists, where a finding led to it: the alert, the item and who or what started it; null for others. */
export async function causeOfRun(ctx: ServiceContext, scope: Readable, runId: string) {
  const [row] = await ctx.db
    .select({
      reason: retrainingTriggers.reason,
      item: feedbackItems.number,
      title: feedbackItems.title,
      alert: alerts.number,
    })
    .from(retrainingTriggers)
    .innerJoin(feedbackItems, eq(feedbackItems.id, retrainingTriggers.itemId))
    .innerJoin(alerts, eq(alerts.id, retrainingTriggers.alertId))
    .where(and(eq(retrainingTriggers.runId, runId), eq(retrainingTriggers.projectId, scope.projectId)));
  return row ?? null;
}

/** What an alert's finding became: its item and the decision on its retraining; null until it is routed. */
export async function outcomeOfAlert(ctx: ServiceContext, scope: Readable, alertId: string) {
  const [row] = await ctx.db
    .select({
      item: feedbackItems.number,
      state: feedbackItems.state,
      title: feedbackItems.title,
      decision: retrainingTriggers.decision,
      reason: retrainingTriggers.reason,
    })
    .from(feedbackItems)
    .leftJoin(retrainingTriggers, eq(retrainingTriggers.itemId, feedbackItems.id))
    .where(and(eq(feedbackItems.alertId, alertId), eq(feedbackItems.projectId, scope.projectId)));
  return row ?? null;
}

/** The newest things of a kind that could close an item. */
export async function resolutionOptions(ctx: ServiceContext, scope: Readable, kind: ResolutionKind) {
  const found = await listResolutions(ctx.db, scope.projectId, kind);
  return found.map(({ id, label }) => ({ id, label }));
}
