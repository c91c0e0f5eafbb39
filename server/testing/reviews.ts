import { eq } from "drizzle-orm";
import { experimentRuns, experiments } from "@/db/schema/experiments";
import { modelVersions } from "@/db/schema/registry";
import { newId } from "../ids";
import { freezeEvidence } from "../reviews/freeze-evidence";
import { activated, inStaging, promotionScene, proposed, type Scene, signed, version } from "./promotions";
import type { Member, World } from "./world";

/** A finished experiment run that a person logged from outside of a pipeline. */
export async function loggedRun(world: World, by: Member, name = "patient-wren"): Promise<string> {
  const [experiment] = await world.db
    .insert(experiments)
    .values({
      id: newId(),
      projectId: world.project.id,
      name: `experiment-${newId()}`,
      createdMs: 0,
      updatedMs: 0,
    })
    .returning({ id: experiments.id });
  const id = newId();
  await world.db.insert(experimentRuns).values({
    id,
    projectId: world.project.id,
    experimentId: experiment?.id ?? "",
    name,
    status: "FINISHED",
    createdBy: by.id,
    startMs: 0,
  });
  return id;
}

/** Freezes until nothing has changed since, as the workflow does. */
export async function frozen(world: World, reviewId: string): Promise<void> {
  for (let rounds = 0; rounds < 5; rounds += 1) {
    if ((await freezeEvidence(world.ctx, reviewId)).isDone) return;
  }
  throw new Error("The evidence did not come to rest.");
}

export type ReviewScene = Awaited<ReturnType<typeof reviewScene>>;

/**
 * The promotion scene with v1 in production and v2 registered, a software engineer, and a production policy that asks
 * for a review by data engineer and software engineer.
 */
export async function reviewScene(world: World) {
  const scene = await promotionScene(world, { threshold: 0.3 });
  const { scientist, mlEngineer, stakeholder } = scene.people;
  const softwareEngineer = await world.member("R5");
  await inStaging(world, scene);
  const first = await proposed(world, scene, { environment: "production" });
  await signed(mlEngineer, scene, { number: first.number, asRole: "R7" });
  await signed(stakeholder, scene, { number: first.number, asRole: "R1" });
  await activated(world, first.id);
  const second = await version(world, {
    scientist,
    training: scene.training.id,
    file: "rain-other.onnx",
    modelId: scene.version.modelId,
    number: 2,
  });
  await scene.policy("staging", { isComparedWithCurrent: false });
  await scene.policy("production", { reviewRoles: ["R4", "R5"], isComparedWithCurrent: false });
  return { ...scene, people: { ...scene.people, softwareEngineer }, second };
}

/** Opens a review of a version as the data scientist and freezes its evidence. */
export async function openedReview(world: World, scene: ReviewScene, modelVersionId = scene.second.id) {
  const opened = await scene.people.scientist.api.reviews.open({
    projectId: scene.projectId,
    subject: { kind: "model_version", modelVersionId },
  });
  await frozen(world, opened.id);
  return opened;
}

/** The page of a review as a person sees it, with the evidence that is current. */
export async function pageOf(member: Member, scene: Pick<Scene, "projectId">, number: number) {
  const page = await member.api.reviews.get({ projectId: scene.projectId, number });
  if (!page.evidence) throw new Error("The review has no evidence.");
  return { ...page, evidence: page.evidence };
}

/** A verdict on what the person is shown now. */
export async function verdictOf(
  member: Member,
  scene: Pick<Scene, "projectId">,
  about: {
    readonly number: number;
    readonly asRole: "R1" | "R4" | "R5" | "R7";
    readonly decision?: "approved" | "changes_requested";
    readonly comment?: string;
  },
) {
  const { number, asRole, decision = "approved", comment = "" } = about;
  const page = await pageOf(member, scene, number);
  return member.api.reviews.verdict({
    projectId: scene.projectId,
    reviewId: page.id,
    asRole,
    decision,
    comment,
    evidenceDigest: page.evidence.digest,
  });
}

/** Says that a version was registered from a run. */
export async function registeredFrom(world: World, modelVersionId: string, experimentRunId: string): Promise<void> {
  await world.db.update(modelVersions).set({ experimentRunId }).where(eq(modelVersions.id, modelVersionId));
}
