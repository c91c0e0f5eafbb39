import { and, desc, eq, gte, type SQL, sql } from "drizzle-orm";
import { modelVersions } from "@/db/schema/registry";
import { predictions } from "@/db/schema/serving";
import type { RecentPredictions, Traffic } from "@/domain/serving/contracts";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";

type Readable = Scope<"serving.read">;

const HOUR_MS = 60 * 60_000;

/** Predictions of a model in an environment, newest arrival first, each row by itself. */
export async function listRecentPredictions(ctx: ServiceContext, scope: Readable, input: RecentPredictions) {
  return ctx.db
    .select({
      requestId: predictions.requestId,
      row: predictions.row,
      clientId: predictions.clientId,
      version: modelVersions.version,
      eventTime: predictions.eventTime,
      receivedAt: predictions.receivedAt,
      inputs: predictions.inputs,
      outputs: predictions.outputs,
      latencyMs: sql<number>`${predictions.latencyMicros} / 1000.0`.mapWith(Number),
    })
    .from(predictions)
    .leftJoin(modelVersions, eq(modelVersions.id, predictions.modelVersionId))
    .where(ofModel(scope, input))
    .orderBy(desc(predictions.receivedAt), desc(predictions.requestId), predictions.row)
    .limit(input.limit);
}

/**
 * Traffic of the last minutes by time of arrival: rows per minute (minutes without any left out) and latency in
 * milliseconds inside the gateway, from reading the request to its answer.
 */
export async function getTraffic(ctx: ServiceContext, scope: Readable, input: Traffic) {
  const since = new Date(ctx.clock().getTime() - (input.minutes / 60) * HOUR_MS);
  const isRecent = and(ofModel(scope, input), gte(predictions.receivedAt, since));
  const minute = sql`date_trunc('minute', ${predictions.receivedAt})`;
  const [[summary], perMinute, [newest]] = await Promise.all([
    ctx.db
      .select({ rows: count, p50Ms: percentile(0.5), p95Ms: percentile(0.95) })
      .from(predictions)
      .where(isRecent),
    ctx.db
      .select({
        minute: minute.mapWith(predictions.receivedAt),
        rows: count,
        p50Ms: percentile(0.5),
        p95Ms: percentile(0.95),
      })
      .from(predictions)
      .where(isRecent)
      .groupBy(minute)
      .orderBy(minute),
    ctx.db
      .select({ eventTime: predictions.eventTime, receivedAt: predictions.receivedAt })
      .from(predictions)
      .where(ofModel(scope, input))
      .orderBy(desc(predictions.eventTime))
      .limit(1),
  ]);
  return {
    since,
    rows: summary?.rows ?? 0,
    p50Ms: summary?.p50Ms ?? null,
    p95Ms: summary?.p95Ms ?? null,
    perMinute,
    /** The as-of of the model: its newest received event time. */
    newestEventTime: newest?.eventTime ?? null,
  };
}

const count = sql<number>`count(*)`.mapWith(Number);

const percentile = (share: number) =>
  sql<number | null>`percentile_cont(${share}) within group (order by ${predictions.latencyMicros}) / 1000.0`.mapWith(
    Number,
  );

function ofModel(
  scope: Readable,
  input: { readonly modelId: string; readonly environment: "staging" | "production" },
): SQL | undefined {
  return and(
    eq(predictions.projectId, scope.projectId),
    eq(predictions.modelId, input.modelId),
    eq(predictions.environment, input.environment),
  );
}
