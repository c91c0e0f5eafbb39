import { meaningsFor } from "@/domain/approvals/meanings";
import type { ProcessRole } from "@/domain/identity/roles";
import { answer } from "./feedback";
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
  const isPublished = copies.some((copy) => copy.version === newest.version);
  if (!isPublished) await api.features.publish.mutate({ projectId, viewVersionId: newest.id });
  await isOnline(place, dataset.version);
}

/** Waits until the newest values of the given version of the dataset are in the online table, by the view's newest version. */
export async function isOnline(place: Place, datasetVersion: number): Promise<void> {
  const { projectId } = place;
  await until(`the online copy of ${VIEW}`, async () => {
    const { copies, versions } = await as(place, "R4").features.byName.query({ projectId, name: VIEW });
    const copy = copies.find(
      (candidate) => candidate.datasetVersion === datasetVersion && candidate.version === versions[0]?.version,
    );
    if (copy?.state === "failed") throw new Error(`The copy failed: ${copy.reason ?? "no reason was given"}`);
    return copy?.state === "succeeded" ? true : null;
  });
}

/** An idea for a rule (F2) becomes the second version of the view, whose impact is known before it is signed. */
export async function reviseFeatures(place: Place, step: Progress): Promise<void> {
  const { projectId } = place;
  const number = await step("idea", "Ravi suggests a rule: a value lives one day, not two (F2)", async () => {
    const api = as(place, "R4");
    const [known] = (await api.feedback.list.query({ projectId, kind: ["F2"] })).items;
    const item =
      known ??
      (await api.feedback.create.mutate({
        projectId,
        kind: "F2",
        title: "Yesterday's weather should not stand in for today's",
        body: "With two days to live a missing day is filled by the day before. One day leaves it missing, and seen.",
      }));
    return item.number;
  });
  await step("accept-idea", "Ada accepts it", () =>
    answer(place, { role: "R3", number, comment: "Agreed: a gap should look like a gap." }),
  );
  await step("view-2", `Ravi saves ${VIEW} v2; its impact on what serves is recorded`, () => shortenLife(place));
  await step("sign-view-2-r3", "Ada signs v2", () => signView(place, "R3"));
  await step("sign-view-2-r4", "Ravi signs v2", () => signView(place, "R4"));
  await step("publish-view-2", "Ravi publishes v2", () => publish(place));
  await step("close-idea", "Ada closes the idea with v2", async () => {
    const api = as(place, "R3");
    const [newest] = (await api.features.byName.query({ projectId, name: VIEW })).versions;
    const item = await api.feedback.get.query({ projectId, number });
    if (!newest || item.state !== "accepted") return;
    await api.feedback.complete.mutate({
      projectId,
      itemId: item.id,
      resolution: { kind: "feature_view_version", id: newest.id },
      comment: "Signed by both of us.",
    });
  });
}

const ONE_DAY_SECONDS = 86_400;

async function shortenLife(place: Place): Promise<void> {
  const { projectId } = place;
  const api = as(place, "R4");
  const view = await api.features.byName.query({ projectId, name: VIEW });
  if (view.versions.length > 1) return;
  const { name: _, dataset: __, ...described } = await readView();
  await api.features.change.mutate({
    projectId,
    viewId: view.id,
    basedOn: 1,
    ...described,
    timeToLiveSeconds: ONE_DAY_SECONDS,
  });
}
