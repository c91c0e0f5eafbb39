import { eq, sql } from "drizzle-orm";
import { sourceBundles } from "@/db/schema/pipelines";
import { modelVersions } from "@/db/schema/registry";
import { createStepExperimentRun } from "../experiments/step-experiment-run";
import { pushDefinition } from "./feedback";
import { registerFixture } from "./models";
import type { Member, World } from "./world";

export const COMMIT = "0123456789abcdef0123456789abcdef01234567";

/**
 * A production run as its worker leaves it: pushed from a commit and started by the verbs of a person, its step ended
 * with log and environment, its experiment run with parameters, metrics and a ready model.
 */
export async function finishedRun(world: World, engineer: Member) {
  const projectId = world.project.id;
  const { pipelineId } = await pushDefinition(world, engineer);
  await world.db
    .update(sourceBundles)
    .set({ commit: COMMIT, isDirty: false })
    .where(eq(sourceBundles.projectId, projectId));
  const { runId } = await engineer.api.pipelines.start({ projectId, pipelineId, parameters: {} });
  const [attempt] = await world.db.execute<{ id: string }>(sql`
    insert into step_attempts (id, project_id, run_id, step_id, attempt, state, host, inputs, environment_digest,
      log_sha256, started_at, finished_at)
    select gen_random_uuid(), project_id, run_id, id, 1, 'succeeded', 'here', '{}', 'e1', 'f1', now(), now()
    from pipeline_run_steps where run_id = ${runId} returning id`);
  await world.db.execute(sql`update pipeline_runs set state = 'succeeded', finished_at = now() where id = ${runId}`);
  const experimentRunId = await createStepExperimentRun(world.ctx, {
    projectId,
    experiment: "rain",
    pipelineRunId: runId,
    stepAttemptId: attempt?.id ?? "",
    name: "train",
  });
  await world.db.execute(sql`
    update experiment_runs set status = 'FINISHED', end_ms = start_ms + 1000 where id = ${experimentRunId}`);
  await world.db.execute(sql`insert into run_params (run_id, key, value) values (${experimentRunId}, 'C', '1')`);
  await world.db.execute(sql`
    insert into latest_metrics (run_id, key, timestamp_ms, step, value) values (${experimentRunId}, 'accuracy', 0, 0, 0.8)`);
  await world.db.execute(sql`
    insert into logged_models (id, project_id, experiment_id, source_run_id, name, status, created_ms, updated_ms)
    select 'm-' || md5(id::text), project_id, experiment_id, id, 'model', 'LOGGED_MODEL_READY', 0, 0
    from experiment_runs where id = ${experimentRunId}`);
  return { projectId, pipelineId, runId, experimentRunId };
}

/** The version that the run registered, with everything that a package has. */
export async function registeredBy(world: World, run: Awaited<ReturnType<typeof finishedRun>>) {
  const made = await registerFixture(world, {});
  const files = ["model.onnx", "requirements.txt", "input_example.json"].map((path) => ({
    path,
    sha256: made.onnxSha256,
    bytes: 1,
  }));
  await world.db
    .update(modelVersions)
    .set({ pipelineRunId: run.runId, experimentRunId: run.experimentRunId, files })
    .where(eq(modelVersions.id, made.id));
  return made;
}
