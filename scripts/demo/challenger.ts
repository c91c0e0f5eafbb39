import type { ProcessRole } from "@/domain/identity/roles";
import { answer } from "./feedback";
import { as, deployed, propose, sign, until } from "./release";
import { importWeather } from "./weather";
import { alertIs, type Scene } from "./year";

const SLICES = [
  { name: "Warm days", expression: "temp_max > 10" },
  { name: "Windy days", expression: "wind > 4" },
  { name: "Calm days", expression: "wind <= 2" },
] as const;

/** From the alert to the challenger in production: finding, judgement on the quarter that failed, review, signatures. */
export async function bringChallenger(scene: Scene): Promise<void> {
  const { step } = scene;
  const finding = await step("finding", "The alert fires, the finding goes to Ada (F3), the policy starts a run", () =>
    waitForFinding(scene),
  );
  await step("acknowledge", "Mia acknowledges the alert", () => acknowledge(scene, finding.alert));
  const version = await step("challenger", `Run #${finding.run} registers the challenger`, () =>
    waitForVersion(scene, finding.item),
  );
  await step("accept-finding", "Ada accepts the finding, which links the run", () =>
    answer(scene.place, {
      role: "R3",
      number: finding.item,
      comment: "The autumn of 2013 was drier than 2012 taught. The challenger knows the year before it.",
    }),
  );
  await judgeOnLastQuarter(scene);
  await release(scene, "staging", version.id);
  await review(scene, version.id);
  await release(scene, "production", version.id);
}

async function waitForFinding(scene: Scene) {
  const { projectId } = scene.place;
  const api = as(scene.place, "R3");
  const alert = await alertIs(scene, "firing");
  return until("the finding and its run", async () => {
    const [found] = (await api.feedback.list.query({ projectId, kind: ["F3"] })).items;
    const item = found ? await api.feedback.get.query({ projectId, number: found.number }) : null;
    return item?.retraining?.run ? { alert, item: item.number, run: item.retraining.run.number } : null;
  });
}

async function acknowledge({ place }: Scene, number: number): Promise<void> {
  const { projectId } = place;
  const api = as(place, "R7");
  const alert = await api.monitoring.alert.query({ projectId, number });
  if (alert.acknowledgedAt) return;
  await api.monitoring.acknowledge.mutate({
    projectId,
    alertId: alert.id,
    comment: "A run on the last 365 days is on its way.",
  });
}

async function waitForVersion({ place }: Scene, item: number) {
  const { projectId } = place;
  return until("the challenger to be registered", async () => {
    const { retraining } = await as(place, "R3").feedback.get.query({ projectId, number: item });
    const run = retraining?.run;
    if (run?.state === "failed") throw new Error(`Run #${run.number} failed.`);
    const version = retraining?.versions[0];
    return run?.state === "succeeded" && version ? { id: version.id, version: version.version } : null;
  });
}

/** Both are judged on the quarter in which the first failed: a hold-out that neither has seen. */
async function judgeOnLastQuarter({ place, step, target }: Scene): Promise<void> {
  const { projectId } = place;
  const token = place.accounts.find((account) => account.role === "R4")?.token ?? "";
  const holdout = await step("last-quarter", "Ravi imports the fourth quarter of 2013 as a hold-out", async () => {
    const version = await importWeather(
      { url: target.url, projectId, token },
      { dataset: "lastQuarter", filter: "date >= '2013-10-01' and date < '2014-01-01'" },
    );
    return { id: version.id };
  });
  for (const environment of ["staging", "production"] as const) {
    await step(`policy-2-${environment}`, `Mia publishes version 2 of the policy for ${environment}`, () =>
      as(place, "R7").promotions.publishPolicy.mutate({
        projectId,
        environment,
        holdoutDatasetVersionId: holdout.id,
        target: "precipitation > 0",
        metric: "accuracy",
        mlProblemVersion: 1,
        reviewRoles: environment === "production" ? ["R4", "R5"] : [],
      }),
    );
  }
}

const SIGNERS = {
  staging: [{ role: "R7", meaning: "The evidence is sound and this version is fit to serve." }],
  production: [
    { role: "R7", meaning: "The evidence is sound and this version is fit to serve." },
    { role: "R1", meaning: "The value is worth the remaining risk." },
  ],
} as const;

async function release({ place, step, report }: Scene, environment: "staging" | "production", versionId: string) {
  const key = `challenger-${environment}`;
  const promotion = await step(key, `Ada proposes the challenger for ${environment}`, () =>
    propose(place, versionId, environment),
  );
  for (const result of promotion.verdicts) report.line(`      ${result.title}: ${result.verdict}. ${result.sentence}`);
  for (const { role, meaning } of SIGNERS[environment]) {
    await step(`${key}-${role}`, `${role === "R7" ? "Mia" : "Sam"} signs for ${environment}`, () =>
      sign(place, promotion.number, {
        role,
        meaning,
        comment: "Better than what serves, on the days on which that failed.",
      }),
    );
  }
  await step(`${key}-deployed`, `The challenger is deployed to ${environment} by itself`, () =>
    deployed(place, promotion.number),
  );
}

/** The finding is done when the data says so: closed with the version that answered it. */
export async function closeFinding({ place, step }: Scene): Promise<void> {
  const { projectId } = place;
  await step("close-finding", "Ada closes the finding with the version that answered it", async () => {
    const api = as(place, "R3");
    const [found] = (await api.feedback.list.query({ projectId, kind: ["F3"], state: ["accepted"] })).items;
    const item = found ? await api.feedback.get.query({ projectId, number: found.number }) : null;
    const version = item?.retraining?.versions[0];
    if (!item || !version) return;
    await api.feedback.complete.mutate({
      projectId,
      itemId: item.id,
      resolution: { kind: "model_version", id: version.id },
      comment: "The first quarter of 2014 is above the floor again.",
    });
  });
}

/** A review like that of a pull request: a question, an answer, two verdicts. */
async function review({ place, step }: Scene, modelVersionId: string): Promise<void> {
  const { projectId } = place;
  await step("slices", "Ada keeps three slices of the days", async () => {
    const api = as(place, "R3");
    const known = new Set((await api.reviews.slices.query({ projectId })).slices.map((slice) => slice.name));
    for (const slice of SLICES)
      if (!known.has(slice.name)) await api.reviews.createSlice.mutate({ projectId, ...slice });
  });
  const { number } = await step("review", "Ada opens a review of the challenger against what serves", async () => {
    const api = as(place, "R3");
    const known = await api.reviews.ofSubject.query({ projectId, modelVersionId });
    return (
      known ??
      (await api.reviews.open.mutate({
        projectId,
        subject: { kind: "model_version", modelVersionId },
        description: "Trained on the 365 days before the quarter that failed. Same script, same features.",
      }))
    );
  });
  await step("review-question", "Ravi asks about the windy days", () => ask({ place, number }));
  await step("review-answer", "Ada answers, and Ravi resolves the thread", () => settle({ place, number }));
  await step("review-r4", "Ravi approves as data engineer", () =>
    approve({ place, number }, "R4", "Every day of the window is in the training set; the checks passed."),
  );
  await step("review-r5", "Tomás approves as software engineer", () =>
    approve({ place, number }, "R5", "Same contract: nothing changes for those who call it."),
  );
}

type OfReview = Pick<Scene, "place"> & { readonly number: number };

/** The review once its evidence is frozen. */
function frozen({ place, number }: OfReview, role: ProcessRole) {
  const { projectId } = place;
  return until(`the evidence of review #${number}`, async () => {
    const found = await as(place, role).reviews.get.query({ projectId, number });
    return found.evidence && found.rules.isReady ? { ...found, digest: found.evidence.digest } : null;
  });
}

async function ask(of: OfReview): Promise<void> {
  const { projectId } = of.place;
  const review = await frozen(of, "R4");
  if (review.threads.length > 0) return;
  const slice = (await as(of.place, "R4").reviews.slices.query({ projectId })).slices.find(
    ({ name }) => name === "Windy days",
  );
  await as(of.place, "R4").reviews.openThread.mutate({
    projectId,
    reviewId: review.id,
    anchor: slice ? { kind: "slice", key: slice.id } : { kind: "whole", key: "" },
    evidenceDigest: review.digest,
    body: "@Ada Lindqvist are there enough windy days in this quarter to say anything about them?",
  });
}

async function settle(of: OfReview): Promise<void> {
  const { projectId } = of.place;
  const thread = (await frozen(of, "R4")).threads.find(({ resolved }) => resolved === null);
  if (!thread) return;
  await as(of.place, "R3").reviews.reply.mutate({
    projectId,
    threadId: thread.id,
    body: "Few, and the interval says so. The challenger is not worse there.",
  });
  await as(of.place, "R4").reviews.resolveThread.mutate({ projectId, threadId: thread.id });
}

async function approve(of: OfReview, role: ProcessRole, comment: string): Promise<void> {
  const { projectId } = of.place;
  const review = await frozen(of, role);
  const isGiven = review.verdicts.some(
    (verdict) => verdict.asRole === role && !verdict.isReplaced && !verdict.isOutdated,
  );
  if (isGiven) return;
  await as(of.place, role).reviews.verdict.mutate({
    projectId,
    reviewId: review.id,
    asRole: role,
    decision: "approved",
    comment,
    evidenceDigest: review.digest,
  });
}
