import { setTimeout as pause } from "node:timers/promises";
import type { ProcessRole } from "@/domain/identity/roles";
import type { EnvironmentName } from "@/domain/promotions/status";
import { type Account, accountOf } from "./cast";
import { clientFor } from "./client";

export type Place = { readonly url: string; readonly projectId: string; readonly accounts: readonly Account[] };

const POLL_MS = 200;
const PATIENCE_MS = 180_000;

/** The API as the person who holds the role. */
export function as(place: Place, role: Account["role"]) {
  return clientFor(place.url, accountOf(place.accounts, role).token);
}

/** Asks until `look` has an answer; throws with `what` when patience ends. */
export async function until<T>(what: string, look: () => Promise<T | null>): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  while (Date.now() < deadline) {
    const found = await look();
    if (found !== null) return found;
    await pause(POLL_MS);
  }
  throw new Error(`The demonstration waited in vain: ${what}.`);
}

/** Starts the pipeline as `role` and waits for its end; a run that does not succeed ends the demonstration with its reason. */
export async function runPipeline(place: Place, role: ProcessRole, name: string) {
  const api = as(place, role);
  const { projectId } = place;
  const pipeline = await api.pipelines.get.query({ projectId, name });
  const { runs } = await api.pipelines.runs.query({ projectId, pipelineId: pipeline.id, state: ["queued", "running"] });
  const { number } =
    runs[0] ?? (await api.pipelines.start.mutate({ projectId, pipelineId: pipeline.id, parameters: {} }));
  const run = await until(`run #${number} to end`, async () => {
    const found = await api.pipelines.run.query({ projectId, number });
    return ["succeeded", "failed", "cancelled"].includes(found.state) ? found : null;
  });
  if (run.state !== "succeeded") throw new Error(`Run #${number} ${run.state}: ${run.reason ?? "no reason was given"}`);
  return { number };
}

/** The proposal, once its evidence has been computed and it waits for people. */
export async function propose(place: Place, modelVersionId: string, environment: EnvironmentName) {
  const api = as(place, "R3");
  const { projectId } = place;
  const open = await api.promotions.list.query({ projectId, environment, state: ["evaluating", "waiting"] });
  const { number } =
    open.promotions[0] ??
    (await api.promotions.propose.mutate({
      projectId,
      modelVersionId,
      environment,
      comment: "Good enough on the hold-out weeks to be tried.",
    }));
  const promotion = await until(`the evidence of promotion #${number}`, async () => {
    const found = await api.promotions.get.query({ projectId, number });
    return found.state === "evaluating" ? null : found;
  });
  if (promotion.state !== "waiting" || !promotion.evidence)
    throw new Error(`Promotion #${number} is ${promotion.state}: ${promotion.reason ?? "no reason was given"}`);
  return { number, verdicts: promotion.evidence.record.results };
}

/** Signs what the page shows at this moment, with the person's own token. */
export async function sign(
  place: Place,
  number: number,
  signature: { readonly role: ProcessRole; readonly meaning: string; readonly comment: string },
): Promise<void> {
  const api = as(place, signature.role);
  const { projectId } = place;
  const shown = await api.promotions.get.query({ projectId, number });
  const isSigned = shown.signatures.some(({ asRole, outdatedAt }) => asRole === signature.role && !outdatedAt);
  if (isSigned) return;
  if (!shown.evidence) throw new Error(`Promotion #${number} has no evidence to sign.`);
  await api.promotions.sign.mutate({
    projectId,
    promotionId: shown.id,
    asRole: signature.role,
    evidenceDigest: shown.evidence.digest,
    policyVersion: shown.policy.name,
    meaning: signature.meaning,
    comment: signature.comment,
  });
}

/** Nobody clicks any more: the last signature deploys. */
export async function deployed(place: Place, number: number): Promise<void> {
  const { projectId } = place;
  const promotion = await until(`the deployment of promotion #${number}`, async () => {
    const found = await as(place, "R6").promotions.get.query({ projectId, number });
    return found.state === "waiting" || found.state === "deploying" ? null : found;
  });
  if (promotion.state !== "deployed")
    throw new Error(`Promotion #${number} is ${promotion.state}: ${promotion.reason ?? "no reason was given"}`);
}
