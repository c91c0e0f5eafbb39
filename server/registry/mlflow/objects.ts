import { runIdOf } from "@/domain/experiments/identifiers";
import { stageOf } from "@/domain/registry/policy";
import { promotionProblem } from "../promotion-problem";
import type { ModelRow, VersionRow } from "../queries";

const pairs = (map: Readonly<Record<string, string>>) => Object.entries(map).map(([key, value]) => ({ key, value }));

/** A version as the protocol has it; it is ready as soon as it is there: the stock client gives up on any other state. */
export function versionObject(version: VersionRow): object {
  const problem = promotionProblem(version);
  return {
    name: version.modelName,
    version: String(version.version),
    creation_timestamp: version.createdAt.getTime(),
    last_updated_timestamp: version.updatedAt.getTime(),
    current_stage: stageOf(version.aliases),
    description: version.description,
    source: version.source,
    status: "READY",
    ...(problem !== null && { status_message: problem }),
    ...(version.registeredByName !== null && { user_id: version.registeredByName }),
    ...(version.experimentRunId !== null && { run_id: runIdOf(version.experimentRunId) }),
    ...(version.loggedModelId !== null && { model_id: version.loggedModelId }),
    ...(Object.keys(version.tags).length > 0 && { tags: pairs(version.tags) }),
    ...(version.aliases.length > 0 && { aliases: version.aliases }),
  };
}

/** The newest version of each stage. */
export function latestVersions(model: ModelRow, stages: readonly string[]): readonly VersionRow[] {
  return ["None", "Staging", "Production", "Archived"]
    .filter((stage) => stages.length === 0 || stages.includes(stage))
    .flatMap((stage) => model.versions.find((version) => stageOf(version.aliases) === stage) ?? []);
}

export function modelObject(model: ModelRow): object {
  const latest = latestVersions(model, []);
  return {
    name: model.name,
    creation_timestamp: model.createdAt.getTime(),
    last_updated_timestamp: model.updatedAt.getTime(),
    description: model.description,
    ...(latest.length > 0 && { latest_versions: latest.map(versionObject) }),
    ...(Object.keys(model.tags).length > 0 && { tags: pairs(model.tags) }),
    ...(model.aliases.length > 0 && {
      aliases: model.aliases.map(({ alias, version }) => ({ alias, version: String(version) })),
    }),
  };
}
