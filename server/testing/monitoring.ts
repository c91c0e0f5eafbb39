import { predictions } from "@/db/schema/serving";
import type { EnvironmentName } from "@/domain/promotions/status";
import { newId } from "../ids";
import { registerFixture } from "./models";
import { Deployments } from "./serving";
import type { Member, World } from "./world";

const DAY_MS = 86_400_000;

export const day = (text: string) => new Date(`${text}T00:00:00Z`);

export type Answered = { readonly requestId: string; readonly at: Date; readonly decision: number };

/** A registered version of the small real model that serves in production, with people who watch it. */
export async function servedScene(world: World) {
  const [scientist, dataEngineer, mlEngineer, secondEngineer, stakeholder] = await Promise.all([
    world.member("R3"),
    world.member("R4"),
    world.member("R7"),
    world.member("R7"),
    world.member("R1"),
  ]);
  const model = await registerFixture(world, { name: `rain-${newId().slice(-6)}` });
  const deploymentId = await new Deployments(world).create(model);
  return { model, deploymentId, people: { scientist, dataEngineer, mlEngineer, secondEngineer, stakeholder } };
}
export type ServedScene = Awaited<ReturnType<typeof servedScene>>;

/** One answer a day from `from` on, as the gateway's log has them; every decision is 1. */
export async function answeredDays(
  world: World,
  scene: Pick<ServedScene, "model" | "deploymentId">,
  about: {
    readonly from: string;
    readonly days: number;
    readonly environment?: EnvironmentName;
    readonly wind?: (index: number) => number;
  },
): Promise<readonly Answered[]> {
  const start = day(about.from).getTime();
  const rows = Array.from({ length: about.days }, (_, index) => ({
    requestId: newId(),
    row: 0,
    projectId: world.project.id,
    modelId: scene.model.modelId,
    modelVersionId: scene.model.id,
    deploymentId: scene.deploymentId,
    environment: about.environment ?? ("production" as const),
    eventTime: new Date(start + index * DAY_MS),
    receivedAt: new Date(),
    inputs: {
      temp_max: 10 + (index % 12),
      temp_min: 3 + (index % 7),
      wind: about.wind?.(index) ?? 2 + (index % 9) / 2,
      season_sin: Math.sin(index / 58),
      season_cos: Math.cos(index / 58),
    },
    outputs: { label: 1, probabilities: [0.2, 0.8] },
    latencyMicros: 3_000 + index * 10,
  }));
  await world.db.insert(predictions).values(rows);
  return rows.map(({ requestId, eventTime }) => ({ requestId, at: eventTime, decision: 1 }));
}

/** Labels two days late, right in `right` of the days and wrong in the rest. */
export function labelsFor(answers: readonly Answered[], right: number) {
  return answers.map(({ requestId, at, decision }, index) => ({
    requestId,
    row: 0,
    value: index < right ? decision : 1 - decision,
    eventTimeMs: at.getTime() + 2 * DAY_MS,
  }));
}

/** A monitor on accuracy with the floor 0.65, its limits signed by two people unless told otherwise. */
export async function watched(
  world: World,
  scene: ServedScene,
  about: { readonly isSigned?: boolean; readonly intervalSeconds?: number } = {},
) {
  const projectId = world.project.id;
  const { scientist, mlEngineer } = scene.people;
  const made = await mlEngineer.api.monitoring.create({
    projectId,
    modelId: scene.model.modelId,
    environment: "production",
    metric: "accuracy",
    labelDelayDays: 2,
    intervalSeconds: about.intervalSeconds ?? 300,
    ownerId: scientist.id,
    limits: { qualityFloor: 0.65 },
  });
  if (about.isSigned ?? true) {
    await signedThreshold(world, mlEngineer, { number: made.number, asRole: "R7" });
    await signedThreshold(world, scientist, { number: made.number, asRole: "R3" });
  }
  return made;
}

/** Signs the proposed limits of a monitor as one of the two roles, with what the page shows. */
export async function signedThreshold(
  world: World,
  member: Member,
  about: { readonly number: number; readonly asRole: "R3" | "R7"; readonly decision?: "approved" | "returned" },
) {
  const projectId = world.project.id;
  const page = await member.api.monitoring.get({ projectId, number: about.number });
  const proposed = page.thresholds.find((threshold) => threshold.state === "proposed");
  return member.api.monitoring.decideThreshold({
    projectId,
    thresholdId: proposed?.id ?? newId(),
    asRole: about.asRole,
    decision: about.decision ?? "approved",
    evidenceDigest: proposed?.digest ?? "0".repeat(64),
    policyVersion: proposed?.approval.rules.policyVersion ?? "v0",
    meaning: "I have read this and approve it.",
    comment: about.decision === "returned" ? "Too low." : "",
  });
}
