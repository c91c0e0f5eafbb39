import { randomUUID } from "node:crypto";
import { loggedModels } from "@/db/schema/experiments";
import { AppError } from "@/domain/errors";
import { loggedModelNameProblem } from "@/domain/experiments/names";
import { inventRunName } from "@/domain/experiments/run-names";
import type { KeyValue } from "@/domain/experiments/types";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { publishEvent } from "../notifications/publish-event";
import { assertActive, experimentById } from "./experiment-lookup";
import { makerOf, writableRun } from "./run-access";

export type NewLoggedModel = {
  readonly experimentId: string;
  readonly name?: string | undefined;
  readonly modelType?: string | undefined;
  readonly sourceRunId?: string | undefined;
  readonly params: readonly KeyValue[];
  readonly tags: readonly KeyValue[];
};

/** A model whose files will follow; it is pending until the client says that they are there. Returns its id. */
export async function createLoggedModel(
  ctx: ServiceContext,
  scope: Scope<"experiments.write">,
  input: NewLoggedModel,
): Promise<string> {
  const name = input.name || inventRunName(Math.random);
  const problem = loggedModelNameProblem(name);
  if (problem) throw new AppError("invalid_input", "model_name", problem);
  return ctx.db.transaction(async (tx) => {
    const experiment = await experimentById(tx, scope.projectId, input.experimentId);
    assertActive(experiment);
    const run = input.sourceRunId ? await writableRun(tx, scope, input.sourceRunId) : null;
    // Without a run the model belongs to nobody whom a step's token could stand for.
    if (!run) makerOf(scope);
    const now = ctx.clock().getTime();
    const id = `m-${randomUUID().replaceAll("-", "")}`;
    await tx.insert(loggedModels).values({
      id,
      projectId: scope.projectId,
      experimentId: experiment.id,
      sourceRunId: run?.id ?? null,
      name,
      modelType: input.modelType ?? null,
      params: mapOf(input.params),
      tags: mapOf(input.tags),
      createdMs: now,
      updatedMs: now,
    });
    if (run) await publishEvent(tx, scope.projectId, "experiments", run.id);
    return id;
  });
}

export function mapOf(pairs: readonly KeyValue[]): Record<string, string> {
  return Object.fromEntries(pairs.map(({ key, value }) => [key, value]));
}
