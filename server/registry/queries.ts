import { and, asc, desc, eq, isNull } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { users } from "@/db/schema/identity";
import { modelVersions, registeredModels } from "@/db/schema/registry";
import { type Alias, aliasesOf, type ModelVersion, type RegisteredModel } from "./model-lookup";

export type VersionRow = ModelVersion & {
  readonly modelName: string;
  readonly aliases: readonly string[];
  readonly registeredByName: string | null;
};
export type ModelRow = RegisteredModel & {
  readonly versions: readonly VersionRow[];
  readonly aliases: readonly Alias[];
};

/** The registered models of a project, or one of them, with versions (newest first) and aliases: three queries for all. */
export async function modelsWithVersions(db: Executor, projectId: string, name?: string): Promise<readonly ModelRow[]> {
  const isWanted = and(
    eq(registeredModels.projectId, projectId),
    name === undefined ? undefined : eq(registeredModels.name, name),
  );
  const [models, versions] = await Promise.all([
    db.select().from(registeredModels).where(isWanted).orderBy(asc(registeredModels.name)),
    db
      .select({ version: modelVersions, modelName: registeredModels.name, registeredByName: users.name })
      .from(modelVersions)
      .innerJoin(registeredModels, eq(registeredModels.id, modelVersions.modelId))
      .leftJoin(users, eq(users.id, modelVersions.registeredBy))
      .where(and(isWanted, isNull(modelVersions.deletedAt)))
      .orderBy(desc(modelVersions.version)),
  ]);
  const aliases = await aliasesOf(
    db,
    models.map((model) => model.id),
  );
  const rows = versions.map(({ version, modelName, registeredByName }) => ({
    ...version,
    modelName,
    registeredByName,
    aliases: aliases.filter((alias) => alias.versionId === version.id).map((alias) => alias.alias),
  }));
  return models.map((model) => ({
    ...model,
    versions: rows.filter((row) => row.modelId === model.id),
    aliases: aliases.filter((alias) => alias.modelId === model.id),
  }));
}
