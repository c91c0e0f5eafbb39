import { and, asc, eq, inArray, isNull } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { modelAliases, modelVersions, registeredModels } from "@/db/schema/registry";
import { AppError } from "@/domain/errors";

export type RegisteredModel = typeof registeredModels.$inferSelect;
export type ModelVersion = typeof modelVersions.$inferSelect;

/** A registered model of the project by name; another project's is not found. `isLocked` takes its row lock (in a transaction). */
export async function modelByName(
  db: Executor,
  projectId: string,
  name: string,
  options: { readonly isLocked?: boolean } = {},
): Promise<RegisteredModel> {
  const query = db
    .select()
    .from(registeredModels)
    .where(and(eq(registeredModels.projectId, projectId), eq(registeredModels.name, name)));
  const [model] = await (options.isLocked ? query.for("no key update") : query);
  if (!model) throw new AppError("not_found", "registered_model", `Registered Model with name=${name} not found`);
  return model;
}

export async function versionByNumber(db: Executor, model: RegisteredModel, version: number): Promise<ModelVersion> {
  const [found] = await db
    .select()
    .from(modelVersions)
    .where(
      and(eq(modelVersions.modelId, model.id), eq(modelVersions.version, version), isNull(modelVersions.deletedAt)),
    );
  if (!found)
    throw new AppError(
      "not_found",
      "model_version",
      `Model Version (name=${model.name}, version=${version}) not found`,
    );
  return found;
}

/** The number of a version as the protocol writes it, in a string. */
export function versionNumberOf(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new AppError("invalid_input", "version", `Parameter 'version' must be an integer, got '${text}'.`);
}

export type Alias = {
  readonly modelId: string;
  readonly alias: string;
  readonly versionId: string;
  readonly version: number;
};

export async function aliasesOf(db: Executor, modelIds: readonly string[]): Promise<readonly Alias[]> {
  if (modelIds.length === 0) return [];
  return db
    .select({
      modelId: modelAliases.modelId,
      alias: modelAliases.alias,
      versionId: modelAliases.modelVersionId,
      version: modelVersions.version,
    })
    .from(modelAliases)
    .innerJoin(modelVersions, eq(modelVersions.id, modelAliases.modelVersionId))
    .where(inArray(modelAliases.modelId, [...modelIds]))
    .orderBy(asc(modelAliases.alias));
}
