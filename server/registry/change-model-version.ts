import { eq } from "drizzle-orm";
import { modelVersions } from "@/db/schema/registry";
import { writeAudit } from "../audit/write-audit";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { publishEvent } from "../notifications/publish-event";
import { refuseSteps } from "./change-alias";
import { type ModelVersion, modelByName, versionByNumber } from "./model-lookup";
import { checkTag } from "./tags";

export type VersionChange =
  | { readonly kind: "describe"; readonly description: string }
  | { readonly kind: "set_tag"; readonly key: string; readonly value: string }
  | { readonly kind: "delete_tag"; readonly key: string };

/** Changes description or tags of a version; what it is (files, origin) never changes. */
export async function changeModelVersion(
  ctx: ServiceContext,
  scope: Scope<"registry.register">,
  input: { readonly name: string; readonly version: number; readonly change: VersionChange },
): Promise<void> {
  await refuseSteps(ctx, scope);
  await ctx.db.transaction(async (tx) => {
    const model = await modelByName(tx, scope.projectId, input.name, { isLocked: true });
    const version = await versionByNumber(tx, model, input.version);
    await tx
      .update(modelVersions)
      .set({ ...changed(version, input.change), updatedAt: ctx.clock() })
      .where(eq(modelVersions.id, version.id));
    await writeAudit(tx, {
      actor: scope.actor,
      organisationId: scope.organisationId,
      projectId: scope.projectId,
      action: "registry.version_changed",
      entity: { kind: "model_version", id: version.id },
      summary: `changed ${input.change.kind === "describe" ? "the description" : "a tag"} of ${model.name} v${version.version}`,
      details: input.change,
      requestId: ctx.requestId,
      at: ctx.clock(),
    });
    await publishEvent(tx, scope.projectId, "registry", model.id);
  });
}

function changed(version: ModelVersion, change: VersionChange): Partial<ModelVersion> {
  if (change.kind === "describe") return { description: change.description };
  const { [change.key]: _, ...others } = version.tags;
  if (change.kind === "delete_tag") return { tags: others };
  checkTag(change);
  return { tags: { ...others, [change.key]: change.value } };
}
