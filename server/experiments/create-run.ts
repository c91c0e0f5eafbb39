import type { Transaction } from "@/db/client";
import { experimentRuns, runTags } from "@/db/schema/experiments";
import { AppError } from "@/domain/errors";
import { keyProblem, LIMITS, truncated } from "@/domain/experiments/names";
import { inventRunName } from "@/domain/experiments/run-names";
import type { KeyValue } from "@/domain/experiments/types";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { newId } from "../ids";
import { publishEvent } from "../notifications/publish-event";
import { assertActive, experimentById } from "./experiment-lookup";
import { makerOf } from "./run-access";

export const RUN_NAME_TAG = "mlflow.runName";

export type NewRun = {
  readonly experimentId: string;
  readonly name?: string | undefined;
  readonly userName?: string | undefined;
  readonly startMs?: number | undefined;
  readonly tags: readonly KeyValue[];
};

/**
 * A new run of the person or service whose token asks. Its name and the tag `mlflow.runName` are one.
 * Runs are many and are records themselves, so that none gets an audit row of its own.
 */
export async function createRun(
  ctx: ServiceContext,
  scope: Scope<"experiments.write">,
  input: NewRun,
): Promise<string> {
  const createdBy = makerOf(scope);
  const tags = checkedTags(input.tags);
  const name = nameOf(input.name, tags.get(RUN_NAME_TAG));
  tags.set(RUN_NAME_TAG, name);
  const id = newId();
  await ctx.db.transaction(async (tx) => {
    const experiment = await experimentById(tx, scope.projectId, input.experimentId);
    assertActive(experiment);
    const startMs = input.startMs ?? ctx.clock().getTime();
    await tx.insert(experimentRuns).values({
      id,
      projectId: scope.projectId,
      experimentId: experiment.id,
      name,
      userName: input.userName ?? "",
      createdBy,
      startMs,
    });
    await insertTags(tx, id, tags);
    await publishEvent(tx, scope.projectId, "experiments", id);
  });
  return id;
}

export async function insertTags(tx: Transaction, runId: string, tags: ReadonlyMap<string, string>): Promise<void> {
  if (tags.size > 0) await tx.insert(runTags).values([...tags].map(([key, value]) => ({ runId, key, value })));
}

function nameOf(name: string | undefined, tagged: string | undefined): string {
  if (name && tagged && name !== tagged) {
    throw new AppError(
      "invalid_input",
      "run_name",
      `Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values (run_name='${name}', mlflow.runName='${tagged}').`,
    );
  }
  return name || tagged || inventRunName(Math.random);
}

function checkedTags(tags: readonly KeyValue[]): Map<string, string> {
  const checked = new Map<string, string>();
  for (const [index, tag] of tags.entries()) {
    const problem = keyProblem(tag.key, `tags[${index}].key`);
    if (problem) throw new AppError("invalid_input", "tag_key", problem);
    checked.set(tag.key, truncated(tag.value, LIMITS.runTagValue));
  }
  return checked;
}
