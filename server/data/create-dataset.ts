import { datasets } from "@/db/schema/data";
import type { CreateDataset } from "@/domain/data/contracts";
import { AppError } from "@/domain/errors";
import { writeAudit } from "../audit/write-audit";
import { userIdOf } from "../authz/actor";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { newId } from "../ids";
import { publishEvent } from "../notifications/publish-event";

/** A dataset without versions yet. A hold-out stays one: a step never receives it. */
export async function createDataset(ctx: ServiceContext, scope: Scope<"data.import">, input: CreateDataset) {
  const createdBy = userIdOf(scope.actor);
  if (!createdBy)
    throw new AppError("forbidden", "person_needed", "Only a person or a service account creates a dataset.");
  const id = newId();
  await ctx.db.transaction(async (tx) => {
    const [created] = await tx
      .insert(datasets)
      .values({ id, projectId: scope.projectId, createdBy, createdAt: ctx.clock(), ...input })
      .onConflictDoNothing({ target: [datasets.projectId, datasets.name] })
      .returning({ id: datasets.id });
    if (!created) throw new AppError("already_exists", "dataset_name", `A dataset named ${input.name} exists already.`);
    await writeAudit(tx, {
      actor: scope.actor,
      organisationId: scope.organisationId,
      projectId: scope.projectId,
      action: "data.dataset_created",
      entity: { kind: "dataset", id },
      summary: `created the dataset ${input.name}${input.isHoldout ? " as a hold-out" : ""}`,
      details: { ...input },
      requestId: ctx.requestId,
      at: ctx.clock(),
    });
    await publishEvent(tx, scope.projectId, "data", id);
  });
  return { id, name: input.name };
}
