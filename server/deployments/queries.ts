import { and, desc, eq, inArray, lt } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import type { Executor } from "@/db/client";
import { deployments, trafficStops } from "@/db/schema/deployments";
import { users } from "@/db/schema/identity";
import { environments, promotions } from "@/db/schema/promotions";
import { modelVersions, registeredModels } from "@/db/schema/registry";
import type { DeploymentHistoryFilter } from "@/domain/deployments/contracts";
import { rollbackRefusal } from "@/domain/deployments/policy";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { readinessOf } from "./readiness";

const PAGE = 20;

/** One line of deployments: version, how it came, when it served. */
const columns = {
  id: deployments.id,
  number: deployments.number,
  environmentId: deployments.environmentId,
  modelId: deployments.modelId,
  modelVersionId: deployments.modelVersionId,
  version: modelVersions.version,
  digest: modelVersions.onnxSha256,
  kind: deployments.kind,
  state: deployments.state,
  reason: deployments.reason,
  smoke: deployments.smoke,
  promotionNumber: promotions.number,
  requestedBy: users.name,
  createdAt: deployments.createdAt,
  activatedAt: deployments.activatedAt,
  endedAt: deployments.endedAt,
} as const;

const lines = (db: Executor) =>
  db
    .select(columns)
    .from(deployments)
    .innerJoin(modelVersions, eq(modelVersions.id, deployments.modelVersionId))
    .leftJoin(promotions, eq(promotions.id, deployments.promotionId))
    .leftJoin(users, eq(users.id, deployments.requestedBy));

/** Every environment and model that ever had a deployment: what serves, what is on its way, whether traffic is stopped, which gateways hold it. */
export async function listCurrent(ctx: ServiceContext, scope: Scope<"deployments.read">) {
  const changer = alias(users, "changer");
  const [all, models, live, stops] = await Promise.all([
    ctx.db.select().from(environments).where(eq(environments.projectId, scope.projectId)).orderBy(environments.name),
    ctx.db
      .selectDistinct({
        id: registeredModels.id,
        name: registeredModels.name,
        environmentId: deployments.environmentId,
      })
      .from(deployments)
      .innerJoin(registeredModels, eq(registeredModels.id, deployments.modelId))
      .where(eq(deployments.projectId, scope.projectId))
      .orderBy(registeredModels.name),
    lines(ctx.db).where(
      and(eq(deployments.projectId, scope.projectId), inArray(deployments.state, ["pending", "active"])),
    ),
    ctx.db
      .select({ stop: trafficStops, changedBy: changer.name })
      .from(trafficStops)
      .innerJoin(changer, eq(changer.id, trafficStops.changedBy))
      .where(eq(trafficStops.projectId, scope.projectId)),
  ]);
  const gateways = await readinessOf(ctx.db, live);
  return all.flatMap((environment) =>
    models
      .filter((model) => model.environmentId === environment.id)
      .map((model) => {
        const here = live.filter((line) => line.environmentId === environment.id && line.modelId === model.id);
        const stopped = stops.find(({ stop }) => stop.environmentId === environment.id && stop.modelId === model.id);
        const withGateways = (line: (typeof here)[number] | undefined) =>
          line
            ? {
                ...line,
                gateways: (gateways.get(line.id) ?? []).map(({ instance, isReady, detail }) => ({
                  instance,
                  isReady,
                  detail,
                })),
              }
            : null;
        return {
          environment: environment.name,
          modelId: model.id,
          model: model.name,
          active: withGateways(here.find(({ state }) => state === "active")),
          pending: withGateways(here.find(({ state }) => state === "pending")),
          traffic: stopped?.stop.isStopped
            ? {
                isStopped: true as const,
                reason: stopped.stop.reason,
                changedBy: stopped.changedBy,
                changedAt: stopped.stop.changedAt,
              }
            : { isStopped: false as const },
        };
      }),
  );
}

/** Deployments of a model in an environment, newest first, each with the reason why one cannot roll back to it, or null. */
export async function listHistory(
  ctx: ServiceContext,
  scope: Scope<"deployments.read">,
  filter: DeploymentHistoryFilter,
) {
  const rows = await lines(ctx.db)
    .innerJoin(environments, eq(environments.id, deployments.environmentId))
    .where(
      and(
        eq(deployments.projectId, scope.projectId),
        eq(environments.name, filter.environment),
        eq(deployments.modelId, filter.modelId),
        filter.cursor ? lt(deployments.id, filter.cursor) : undefined,
      ),
    )
    .orderBy(desc(deployments.id))
    .limit(PAGE + 1);
  const live = await ctx.db
    .select({ state: deployments.state, modelVersionId: deployments.modelVersionId })
    .from(deployments)
    .innerJoin(environments, eq(environments.id, deployments.environmentId))
    .where(
      and(
        eq(deployments.projectId, scope.projectId),
        eq(environments.name, filter.environment),
        eq(deployments.modelId, filter.modelId),
        inArray(deployments.state, ["pending", "active"]),
      ),
    );
  const activeVersionId = live.find(({ state }) => state === "active")?.modelVersionId ?? null;
  const hasPending = live.some(({ state }) => state === "pending");
  return {
    deployments: rows.slice(0, PAGE).map((row) => ({
      ...row,
      rollbackRefusal:
        rollbackRefusal({
          target: { state: row.state, wasActive: row.activatedAt !== null, modelVersionId: row.modelVersionId },
          activeVersionId,
          hasPending,
        })?.sentence ?? null,
    })),
    hasMore: rows.length > PAGE,
  };
}
