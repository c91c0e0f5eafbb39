import { type DemoRecord, saveDemoRecord } from "../run/demo-record";
import type { Report } from "../run/report";
import type { Stack } from "../run/stack";
import { accountOf, inventPasswords, inviteEverybody, setUpAdministrator } from "./cast";
import { bringChallenger, closeFinding } from "./challenger";
import { clientFor } from "./client";
import { defineFeatures, reviseFeatures } from "./features";
import { printProcessMap } from "./process-map";
import { openProgress, type Progress } from "./progress";
import { pushPipeline } from "./push";
import { as, deployed, type Place, propose, runPipeline, sign } from "./release";
import { setUpWatch } from "./watch";
import { importWeather, readChecks } from "./weather";
import {
  alertIs,
  closeRequest,
  FIRST_QUARTER_OF_2014,
  liveThrough,
  QUARTERS_OF_2013,
  requestData,
  takeIn,
  type Scene as Year,
} from "./year";

const PROJECT = {
  name: "Seattle rain",
  description: "Tells the city's road crews a day ahead whether it will rain.",
  risk: "medium" as const,
};
const MODEL = "seattle-rain";
const PIPELINE = "seattle-rain";

export type Demonstration = {
  readonly stack: Stack;
  readonly report: Report;
  readonly setUpLink: () => Promise<string | null>;
};

/** Plays the demonstration through the product's own API, each person with their own token; returns what it left. */
export async function runDemonstration({ stack, report, setUpLink }: Demonstration): Promise<DemoRecord> {
  report.line("");
  report.line("The demonstration: from a business goal to a signed deployment");
  const step = openProgress(stack.folder, report);
  const place = await gather(stack, step, setUpLink);
  await plan(place, step);
  const datasets = await prepareData(place, step);
  await defineFeatures(place, step);
  await definePolicies(place, step, datasets.holdout.id);
  const modelVersionId = await train(place, step);
  await release({ place, step, report }, modelVersionId);
  const { url, gatewayUrl, temporalAddress } = stack;
  report.line("");
  report.line("The loop: a year passes, the model falls behind, a challenger takes over");
  await reviseFeatures(place, step);
  const monitor = await setUpWatch(place, step, { model: MODEL, pipeline: PIPELINE });
  const token = accountOf(place.accounts, "R5").token;
  const target = { url, gatewayUrl, projectId: place.projectId, model: MODEL, token };
  await closeTheLoop({ place, step, report, target, monitor });
  await printProcessMap(place, report);
  const record = {
    url,
    gatewayUrl,
    temporalAddress,
    project: "seattle-rain",
    model: MODEL,
    users: [...place.accounts],
  };
  saveDemoRecord(stack.folder, record);
  return record;
}

async function gather(stack: Stack, step: Progress, setUpLink: Demonstration["setUpLink"]): Promise<Place> {
  const { url } = stack;
  const passwords = await step("passwords", "Eight random passwords", async () => inventPasswords());
  const admin = await step("admin", "Kim opens the set-up link and becomes the administrator", async () =>
    setUpAdministrator(url, await setUpLink(), passwords),
  );
  const project = await step("project", `Kim creates the project ${PROJECT.name}`, async () => {
    const api = clientFor(url, admin.token);
    const known = (await api.projects.list.query()).find((candidate) => candidate.name === PROJECT.name);
    return known ?? api.projects.create.mutate(PROJECT);
  });
  const people = await step("people", "Seven people accept their invitations", () =>
    inviteEverybody({ url, admin, projectId: project.id }, passwords),
  );
  return { url, projectId: project.id, accounts: [admin, ...people] };
}

async function plan(place: Place, step: Progress): Promise<void> {
  const { projectId } = place;
  await step("problem", "Sam states the problem and its KPI", () =>
    as(place, "R1").projects.stateProblem.mutate({
      projectId,
      goal: "Road crews know a day ahead whether it will rain, so that salt and drainage teams are sent only when needed.",
      affectedUsers: "Road maintenance crews of the city of Seattle",
      kpiName: "Days called right",
      kpiUnit: "% of days",
      // Saying "dry" every day was right on 51.6 % of the hold-out days.
      kpiBaseline: 52,
      kpiTarget: 65,
      deadline: null,
    }),
  );
  await step("ml-problem", "Ada defines the ML problem and its acceptance threshold", () =>
    as(place, "R3").projects.defineMlProblem.mutate({
      projectId,
      task: "binary_classification",
      target: "precipitation > 0",
      predictionUnit: "one day at one station",
      metric: "accuracy",
      acceptanceThreshold: 0.65,
      rationale: "The KPI counts days called right, which is accuracy: 65 % of days is 0.65.",
    }),
  );
}

async function prepareData(place: Place, step: Progress) {
  const { projectId, url } = place;
  const engineer = place.accounts.find((account) => account.role === "R4");
  const target = { url, projectId, token: engineer?.token ?? "" };
  const training = await step("training-data", "Ravi imports the weather of 2012 without every fourth week", () =>
    importWeather(target, { dataset: "training" }),
  );
  const holdout = await step("holdout-data", "Ravi imports the weeks that were kept back as the hold-out", () =>
    importWeather(target, { dataset: "holdout" }),
  );
  await step("checks", "Ravi saves the checks and runs them", async () => {
    const dataset = await as(place, "R4").data.byName.query({ projectId, name: "seattle-weather" });
    await as(place, "R4").data.saveChecks.mutate({ projectId, datasetId: dataset.id, checks: await readChecks() });
    await as(place, "R4").data.validate.mutate({ projectId, datasetVersionId: training.id });
  });
  return { training, holdout };
}

async function definePolicies(place: Place, step: Progress, holdoutDatasetVersionId: string): Promise<void> {
  for (const environment of ["staging", "production"] as const) {
    await step(`policy-${environment}`, `Mia publishes the policy for ${environment}`, () =>
      as(place, "R7").promotions.publishPolicy.mutate({
        projectId: place.projectId,
        environment,
        holdoutDatasetVersionId,
        target: "precipitation > 0",
        metric: "accuracy",
        mlProblemVersion: 1,
      }),
    );
  }
}

async function train(place: Place, step: Progress): Promise<string> {
  const { projectId } = place;
  await step("push", "Noor pushes the pipeline with countersign pipeline push", () => pushPipeline(place));
  const run = await step("run", "Ada starts it: ingest, validate, train, evaluate, register", () =>
    runPipeline(place, "R3", PIPELINE),
  );
  return step("version", `Run #${run.number} registered ${MODEL} v1`, async () => {
    const [candidate] = await as(place, "R3").promotions.candidates.query({ projectId });
    if (!candidate) throw new Error(`Run #${run.number} registered no version that may be proposed.`);
    return candidate.modelVersionId;
  });
}

type Scene = { readonly place: Place; readonly step: Progress; readonly report: Report };

async function release({ place, step, report }: Scene, modelVersionId: string): Promise<void> {
  const staging = await step("propose-staging", "Ada proposes v1 for staging; the platform evaluates it", () =>
    propose(place, modelVersionId, "staging"),
  );
  for (const result of staging.verdicts) report.line(`      ${result.title}: ${result.verdict}. ${result.sentence}`);
  await step("sign-staging", "Mia signs for staging", () =>
    sign(place, staging.number, {
      role: "R7",
      meaning: "The evidence is sound and this version is fit to serve.",
      comment: "Hold-out weeks were never seen by the training.",
    }),
  );
  await step("staging", "v1 is deployed to staging by itself", () => deployed(place, staging.number));
  const production = await step("propose-production", "Ada proposes v1 for production", () =>
    propose(place, modelVersionId, "production"),
  );
  await step("sign-production-r7", "Mia signs for production", () =>
    sign(place, production.number, {
      role: "R7",
      meaning: "The evidence is sound and this version is fit to serve.",
      comment: "It answers in staging as it was evaluated.",
    }),
  );
  await step("sign-production-r1", "Sam signs for production", () =>
    sign(place, production.number, {
      role: "R1",
      meaning: "The value is worth the remaining risk.",
      comment: "One day in five called wrong is better than one in two.",
    }),
  );
  await step("production", "v1 is deployed to production by itself", () => deployed(place, production.number));
}

/** 2013 on the version of 2012, the finding, the challenger, and the first quarter of 2014 on that. */
async function closeTheLoop(year: Year): Promise<void> {
  const { step } = year;
  await requestData(year);
  for (const quarter of QUARTERS_OF_2013) {
    await liveThrough(year, quarter);
    // The last quarter stays out of what steps receive: both versions are judged on it.
    if (quarter !== QUARTERS_OF_2013.at(-1)) await takeIn(year, quarter);
  }
  await closeRequest(year);
  await bringChallenger(year);
  await liveThrough(year, FIRST_QUARTER_OF_2014);
  await step("resolved", "The check resolves the alert", () => alertIs(year, "resolved"));
  await closeFinding(year);
}
