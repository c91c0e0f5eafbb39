import { meaningsFor } from "@/domain/approvals/meanings";
import type { ProcessRole } from "@/domain/identity/roles";
import type { Progress } from "./progress";
import { as, type Place, until } from "./release";
import { readView } from "./weather";

const VIEW = "daily_weather";

/** The feature view: defined by the data engineer, signed by two people, copied to the online table. */
export async function defineFeatures(place: Place, step: Progress): Promise<void> {
  const { projectId } = place;
  await step("view", `Ravi defines the feature view ${VIEW}`, async () => {
    const api = as(place, "R4");
    const known = (await api.features.list.query({ projectId })).some((view) => view.name === VIEW);
    if (!known) await api.features.create.mutate({ projectId, ...(await readView()) });
  });
  await step("sign-view-r3", "Ada signs it for its meaning", () => signView(place, "R3"));
  await step("sign-view-r4", "Ravi signs it for how it is computed", () => signView(place, "R4"));
  await step("publish-view", "Ravi publishes it: the newest values go online", () => publish(place));
}

async function signView(place: Place, role: ProcessRole): Promise<void> {
  const api = as(place, role);
  const { projectId } = place;
  const view = await api.features.byName.query({ projectId, name: VIEW });
  const [newest] = view.versions;
  if (!newest?.approval) throw new Error(`${VIEW} has nothing to sign.`);
  const isSigned = newest.approval.signatures.some(({ asRole, outdatedAt }) => asRole === role && !outdatedAt);
  if (isSigned) return;
  await api.features.sign.mutate({
    projectId,
    viewVersionId: newest.id,
    asRole: role,
    evidenceDigest: newest.approval.rules.evidenceDigest ?? "",
    policyVersion: newest.approval.rules.policyVersion,
    meaning: meaningsFor("feature_view", role)[0] ?? "",
  });
}

async function publish(place: Place): Promise<void> {
  const { projectId } = place;
  const api = as(place, "R4");
  const { versions, dataset, copies } = await api.features.byName.query({ projectId, name: VIEW });
  const [newest] = versions;
  if (!newest || dataset.version === null) throw new Error(`${VIEW} has nothing to publish.`);
  if (copies.length === 0) await api.features.publish.mutate({ projectId, viewVersionId: newest.id });
  await isOnline(place, dataset.version);
}

/** Waits until the newest values of the given version of the dataset are in the online table. */
export async function isOnline(place: Place, datasetVersion: number): Promise<void> {
  const { projectId } = place;
  await until(`the online copy of ${VIEW}`, async () => {
    const { copies } = await as(place, "R4").features.byName.query({ projectId, name: VIEW });
    const copy = copies.find((candidate) => candidate.datasetVersion === datasetVersion);
    if (copy?.state === "failed") throw new Error(`The copy failed: ${copy.reason ?? "no reason was given"}`);
    return copy?.state === "succeeded" ? true : null;
  });
}
