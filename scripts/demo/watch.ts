import { meaningsFor } from "@/domain/approvals/meanings";
import type { ProcessRole } from "@/domain/identity/roles";
import { accountOf } from "./cast";
import type { Progress } from "./progress";
import { as, type Place, until } from "./release";
import { LABEL_DELAY_DAYS } from "./replay";

/** Accuracy under which the KPI is missed: the acceptance threshold of the ML problem. */
const QUALITY_FLOOR = 0.65;
/** A replayed year passes in seconds, so the schedule looks often. */
const CHECK_EVERY_SECONDS = 2;

/** Names of what is watched and of what trains it anew. */
type Watched = { readonly model: string; readonly pipeline: string };

async function idsOf(place: Place, { model, pipeline }: Watched) {
  const { projectId } = place;
  const api = as(place, "R7");
  const { models } = await api.monitoring.options.query({ projectId });
  const { id: pipelineId } = await api.pipelines.get.query({ projectId, name: pipeline });
  return { modelId: models.find(({ name }) => name === model)?.id ?? "", pipelineId };
}

/** Monitor, signed limits and retraining policy, as the people of the project set them up. */
export async function setUpWatch(place: Place, step: Progress, watched: Watched): Promise<number> {
  const { projectId } = place;
  const { number } = await step(
    "monitor",
    "Mia sets up a monitor on production: accuracy of each quarter",
    async () => {
      const api = as(place, "R7");
      const { modelId } = await idsOf(place, watched);
      const [known] = await api.monitoring.list.query({ projectId });
      const monitor = known ?? (await api.monitoring.create.mutate(await monitorOf(place, modelId)));
      return { number: monitor.number };
    },
  );
  await step("sign-threshold-r7", "Mia signs the floor of 0.65", () => signThreshold(place, "R7", number));
  await step("sign-threshold-r3", "Ada signs it too", () => signThreshold(place, "R3", number));
  await step("retraining-policy", "Mia saves the retraining policy: at once, on the 365 days before", async () => {
    const api = as(place, "R7");
    await api.feedback.saveRetrainingPolicy.mutate({
      projectId,
      ...(await idsOf(place, watched)),
      windowDays: 365,
      datasetVersionParameter: "data_version",
      mode: "at_once",
      cooldownDays: 30,
      budgetRuns: 2,
      baseVersion: 0,
    });
  });
  return number;
}

async function monitorOf(place: Place, modelId: string) {
  const { projectId } = place;
  const { owners } = await as(place, "R7").monitoring.options.query({ projectId });
  const mia = accountOf(place.accounts, "R7").name;
  return {
    projectId,
    modelId,
    environment: "production" as const,
    metric: "accuracy" as const,
    labelDelayDays: LABEL_DELAY_DAYS,
    intervalSeconds: CHECK_EVERY_SECONDS,
    ownerId: owners.find(({ name }) => name === mia)?.id ?? "",
    limits: { qualityFloor: QUALITY_FLOOR },
    reason: "Under 65 % of days called right the KPI is missed.",
  };
}

async function signThreshold(place: Place, role: ProcessRole, number: number): Promise<void> {
  const { projectId } = place;
  const api = as(place, role);
  const [threshold] = (await api.monitoring.get.query({ projectId, number })).thresholds;
  if (!threshold) throw new Error(`Monitor #${number} has no limits to sign.`);
  const { signatures, rules } = threshold.approval;
  if (signatures.some(({ asRole, outdatedAt }) => asRole === role && !outdatedAt)) return;
  await api.monitoring.decideThreshold.mutate({
    projectId,
    thresholdId: threshold.id,
    asRole: role,
    evidenceDigest: rules.evidenceDigest ?? "",
    policyVersion: rules.policyVersion,
    meaning: meaningsFor("threshold", role)[0] ?? "",
  });
}

/** Waits until the schedule's own check has judged the quarter that begins on `from`; returns what it measured. */
export async function judged(place: Place, number: number, from: string) {
  const { projectId } = place;
  return until(`the scheduled check of the quarter from ${from}`, async () => {
    const { checks } = await as(place, "R7").monitoring.get.query({ projectId, number });
    const check = checks.find(
      ({ kind, windowStart }) => kind === "quality" && windowStart.toISOString().slice(0, 10) === from,
    );
    return check ? { value: check.value, rows: check.rows, verdict: check.verdict } : null;
  });
}
