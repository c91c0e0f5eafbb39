import { and, desc, eq, inArray } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { datasetVersions } from "@/db/schema/data";
import { featureViewVersions, materializations, onlineFeatures } from "@/db/schema/features";
import type { ColumnSchema } from "@/domain/data/types";
import { AppError } from "@/domain/errors";
import type { Lookup } from "@/domain/features/contracts";
import { type OnlineValue, onlineValue } from "@/domain/features/online-value";
import { parseViewReference } from "@/domain/features/view-reference";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import type { Cell } from "../data/duckdb";
import { entityKey, readEntity } from "./entity-key";
import { viewNamed } from "./record";

export type OnlineAnswer = {
  readonly view: string;
  readonly version: number;
  readonly asOf: string;
  readonly features: readonly string[];
  /** One element an entity, in the order in which they were asked for. */
  readonly results: readonly {
    readonly entity: Readonly<Record<string, Cell>>;
    readonly eventTime: string | null;
    readonly values: Readonly<Record<string, Cell>>;
    readonly statuses: Readonly<Record<string, OnlineValue["status"]>>;
  }[];
};

/** The version that answers: the one that is named, else the newest whose values are online. */
async function answering(db: Executor, projectId: string, text: string) {
  const reference = parseViewReference(text);
  if (!reference) throw new AppError("invalid_input", "view", "Write the view as name or name@version.");
  const view = await viewNamed(db, projectId, reference.name);
  const [found] = await db
    .select({ version: featureViewVersions, schema: datasetVersions.schema })
    .from(featureViewVersions)
    .innerJoin(
      materializations,
      and(eq(materializations.viewVersionId, featureViewVersions.id), eq(materializations.state, "succeeded")),
    )
    .innerJoin(datasetVersions, eq(datasetVersions.id, materializations.datasetVersionId))
    .where(
      and(
        eq(featureViewVersions.viewId, view.id),
        reference.version === "latest" ? undefined : eq(featureViewVersions.version, reference.version),
      ),
    )
    .orderBy(desc(featureViewVersions.version), desc(materializations.createdAt))
    .limit(1);
  if (!found) throw new AppError("not_found", "not_online", `${text} is not online: it was not published yet.`);
  const columns = found.version.definition.entityColumns.map(
    (name): ColumnSchema => found.schema.find((column) => column.name === name) ?? { name, type: "text" },
  );
  return { version: found.version, columns };
}

/**
 * The newest known values of entities, each with its status as of an instant (`asOf`, by default now). A name that
 * the view does not have, or an entity of another shape, is `invalid_input`; an entity that is not there is not.
 */
export async function lookUpOnline(
  ctx: Pick<ServiceContext, "db" | "clock">,
  scope: Scope<"features.read" | "serving.predict">,
  input: Lookup,
): Promise<OnlineAnswer> {
  const { version, columns } = await answering(ctx.db, scope.projectId, input.view);
  const { definition } = version;
  const known = definition.columns.map(({ name }) => name);
  const features = input.features ?? known;
  const unknown = features.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new AppError(
      "invalid_input",
      "feature",
      `${definition.name} has no feature ${unknown}; it has ${known.join(", ")}.`,
    );
  const asked = input.entities.map((entity) => ({ entity, key: entityKey(readEntity(entity, columns)) }));
  const rows = await ctx.db
    .select({ key: onlineFeatures.entityKey, eventTime: onlineFeatures.eventTime, values: onlineFeatures.values })
    .from(onlineFeatures)
    .where(
      and(
        eq(onlineFeatures.viewVersionId, version.id),
        eq(onlineFeatures.projectId, scope.projectId),
        inArray(onlineFeatures.entityKey, [...new Set(asked.map(({ key }) => key))]),
      ),
    );
  const byKey = new Map(rows.map((row) => [row.key, row]));
  const asOf = input.asOf === undefined ? ctx.clock() : new Date(input.asOf);
  const question = { asOf, timeToLiveSeconds: definition.timeToLiveSeconds, includeStale: input.includeStale };
  return {
    view: definition.name,
    version: version.version,
    asOf: asOf.toISOString(),
    features,
    results: asked.map(({ entity, key }) => {
      const row = byKey.get(key) ?? null;
      const found = features.map((name) => [name, onlineValue(row, name, question)] as const);
      return {
        entity,
        eventTime: row && row.eventTime <= asOf ? row.eventTime.toISOString() : null,
        values: Object.fromEntries(found.map(([name, { value }]) => [name, value])),
        statuses: Object.fromEntries(found.map(([name, { status }]) => [name, status])),
      };
    }),
  };
}
