import { readFile } from "node:fs/promises";
import { Readable } from "node:stream";
import { and, desc, eq } from "drizzle-orm";
import { deployments } from "@/db/schema/deployments";
import { environments, promotions } from "@/db/schema/promotions";
import { modelVersions } from "@/db/schema/registry";
import { importOptionsSchema } from "@/domain/data/contracts";
import type { EnvironmentName } from "@/domain/promotions/status";
import { importDatasetVersion } from "../data/import-dataset-version";
import { activateDeployment } from "../deployments/activate-deployment";
import { newId } from "../ids";
import { recordLineage } from "../lineage/record-lineage";
import { beginDeployment } from "../promotions/begin-deployment";
import { computeEvidence } from "../promotions/compute-evidence";
import { systemCaller } from "../promotions/system-caller";
import { registerFixture } from "./models";
import type { Member, World } from "./world";

const SEASONS = {
  season_sin: "sin(2 * pi() * dayofyear(date) / 365.25)",
  season_cos: "cos(2 * pi() * dayofyear(date) / 365.25)",
};
const HOLDOUT = "((dayofyear(date) - 1) // 7) % 4 = 0";

/** Imports the part of the weather that a condition selects. */
async function weather(
  world: World,
  engineer: Member,
  about: { readonly name: string; readonly isHoldout: boolean; readonly filter: string },
) {
  await engineer.api.data.create({ projectId: world.project.id, name: about.name, isHoldout: about.isHoldout });
  return importDatasetVersion(world.ctx, await engineer.scope("data.import"), {
    dataset: about.name,
    sourceName: "seattle-weather.csv",
    options: importOptionsSchema.parse({ derived: SEASONS, filter: about.filter }),
    allowMissingColumns: false,
    source: Readable.from([await readFile("examples/seattle-rain/data/seattle-weather.csv")]),
  });
}

export type Scene = Awaited<ReturnType<typeof promotionScene>>;

/**
 * A project with its people, a validated training set, a hold-out that shares no row with it, an ML problem with the
 * threshold 0.65, policies for both environments, and a registered version that the data scientist made.
 */
export async function promotionScene(
  world: World,
  options: { readonly threshold?: number; readonly isOverlapping?: boolean; readonly isValidated?: boolean } = {},
) {
  const projectId = world.project.id;
  const [stakeholder, scientist, dataEngineer, devops, mlEngineer] = await Promise.all([
    world.member("R1"),
    world.member("R3"),
    world.member("R4"),
    world.member("R6"),
    world.member("R7"),
  ]);
  const year = "year(date) = 2012";
  const training = await weather(world, dataEngineer, {
    name: "weather",
    isHoldout: false,
    filter: options.isOverlapping ? year : `${year} AND NOT (${HOLDOUT})`,
  });
  const holdout = await weather(world, dataEngineer, {
    name: "holdout",
    isHoldout: true,
    filter: `${year} AND ${HOLDOUT}`,
  });
  if (options.isValidated ?? true) {
    const dataset = await dataEngineer.api.data.byName({ projectId, name: "weather" });
    await dataEngineer.api.data.saveChecks({
      projectId,
      datasetId: dataset.id,
      checks: [{ kind: "not_null", column: "temp_max" }],
    });
    await dataEngineer.api.data.validate({ projectId, datasetVersionId: training.id });
  }
  await stakeholder.api.projects.stateProblem({
    projectId,
    goal: "Know wet days",
    kpiName: "Wet days missed",
    kpiBaseline: 48,
    kpiTarget: 35,
  });
  const problem = await scientist.api.projects.defineMlProblem({
    projectId,
    task: "binary_classification",
    target: "precipitation > 0",
    predictionUnit: "a day",
    metric: "accuracy",
    acceptanceThreshold: options.threshold ?? 0.65,
    rationale: "Better than the majority by a margin.",
  });
  const policy = (
    environment: EnvironmentName,
    change: Partial<Parameters<typeof mlEngineer.api.promotions.publishPolicy>[0]> = {},
  ) =>
    mlEngineer.api.promotions.publishPolicy({
      projectId,
      environment,
      holdoutDatasetVersionId: holdout.id,
      target: "precipitation > 0",
      metric: "accuracy",
      mlProblemVersion: problem.version,
      ...change,
    });
  await policy("staging");
  await policy("production");
  const people = { stakeholder, scientist, dataEngineer, devops, mlEngineer };
  const first = await version(world, { scientist, training: training.id });
  return { projectId, people, training, holdout, policy, version: first };
}

/** Another version of the model, or the first: registered by the data scientist from the training data. */
export async function version(
  world: World,
  about: {
    readonly scientist: Member;
    readonly training: string;
    readonly file?: string;
    readonly modelId?: string;
    readonly number?: number;
  },
) {
  const made = await registerFixture(world, {
    ...(about.file && { file: about.file }),
    ...(about.modelId && { modelId: about.modelId }),
    version: about.number ?? 1,
  });
  await world.db.update(modelVersions).set({ registeredBy: about.scientist.id }).where(eq(modelVersions.id, made.id));
  const run = { kind: "experiment_run" as const, reference: newId(), label: "train" };
  await recordLineage(world.db, world.project.id, [
    { from: { kind: "dataset_version", reference: about.training, label: "weather v1" }, to: run, kind: "input_of" },
    {
      from: run,
      to: { kind: "model_version", reference: made.id, label: `seattle-rain v${about.number ?? 1}` },
      kind: "produced",
    },
  ]);
  return made;
}

/** Proposes as the data scientist and computes the evidence, as the workflow would. */
export async function proposed(
  world: World,
  scene: Scene,
  about: { readonly environment?: EnvironmentName; readonly modelVersionId?: string } = {},
) {
  const { id, number } = await scene.people.scientist.api.promotions.propose({
    projectId: scene.projectId,
    modelVersionId: about.modelVersionId ?? scene.version.id,
    environment: about.environment ?? "staging",
  });
  await computeEvidence(world.ctx, id);
  return { id, number };
}

/** What a person is shown now, as the sign form sends it. */
export async function shownTo(member: Member, scene: Scene, number: number) {
  const page = await member.api.promotions.get({ projectId: scene.projectId, number });
  const { evidenceDigest, policyVersion } = page.approval.rules;
  return { projectId: scene.projectId, promotionId: page.id, evidenceDigest: evidenceDigest ?? "", policyVersion };
}

export const MEANINGS = {
  R1: "The value is worth the remaining risk.",
  R7: "The evidence is sound and this version is fit to serve.",
} as const;

export async function signed(
  member: Member,
  scene: Scene,
  about: {
    readonly number: number;
    readonly asRole: "R1" | "R7";
    readonly acceptedRules?: string[];
    readonly comment?: string;
  },
) {
  const { number, asRole, ...rest } = about;
  return member.api.promotions.sign({
    ...(await shownTo(member, scene, number)),
    asRole,
    meaning: MEANINGS[asRole],
    ...rest,
  });
}

/** Begins the deployment that the last signature allows and gives it the traffic, as after a passed smoke test. */
export async function activated(world: World, promotionId: string): Promise<string> {
  const begun = await beginDeployment(world.ctx, promotionId);
  if (!begun) throw new Error("The promotion was not ready to deploy.");
  const [row] = await world.db.select().from(deployments).where(eq(deployments.id, begun.deploymentId));
  if (!row) throw new Error("The deployment was not written.");
  await activateDeployment(await systemCaller(world.ctx, promotionId), row, {
    rows: 20,
    greatestDifference: 0,
    error: null,
  });
  return row.id;
}

/** Proposes, signs and activates for staging. */
export async function inStaging(world: World, scene: Scene, modelVersionId = scene.version.id) {
  const promotion = await proposed(world, scene, { modelVersionId });
  await signed(scene.people.mlEngineer, scene, {
    number: promotion.number,
    asRole: "R7",
    ...(await acceptances(world, scene, promotion.number)),
  });
  await activated(world, promotion.id);
  return promotion;
}

/** The inconclusive rules of a promotion with a comment, for a signature of the ML engineer. */
export async function acceptances(_world: World, scene: Scene, number: number) {
  const { approval } = await scene.people.mlEngineer.api.promotions.get({ projectId: scene.projectId, number });
  const acceptedRules = [...approval.rules.openRules];
  return acceptedRules.length > 0 ? { acceptedRules, comment: "93 days cannot tell them apart." } : {};
}

export async function stateOf(world: World, promotionId: string) {
  const [row] = await world.db.select().from(promotions).where(eq(promotions.id, promotionId));
  return row ? { state: row.state, reason: row.reason } : null;
}

export async function servedIn(world: World, environment: EnvironmentName) {
  const [row] = await world.db
    .select({ modelVersionId: deployments.modelVersionId })
    .from(deployments)
    .innerJoin(environments, eq(environments.id, deployments.environmentId))
    .where(
      and(
        eq(environments.projectId, world.project.id),
        eq(environments.name, environment),
        eq(deployments.state, "active"),
      ),
    )
    .orderBy(desc(deployments.createdAt));
  return row?.modelVersionId ?? null;
}
