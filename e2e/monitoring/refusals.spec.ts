import { attempt } from "../access/attempt";
import { ItemPage } from "../feedback/item-page";
import { expect, test } from "../fixtures";
import { type Demonstration, personIn } from "../people";
import { ask } from "../pipelines/own-project";
import { makeServedModel, type OwnModel } from "../reviews/own-model";
import { ReviewPage } from "../reviews/review-page";
import { MonitorPage } from "./monitor-page";
import { liveThrough, sendLabels } from "./traffic";

test.use({ actionTimeout: 20_000 });

type Read = { readonly token: string; readonly procedure: string; readonly input: object };

type Threshold = {
  readonly id: string;
  readonly state: string;
  readonly approval: { readonly rules: { readonly evidenceDigest: string; readonly policyVersion: string } };
};

/** The whole record as the API shows it: equal before and after what changes nothing. */
const recordOf = (demo: Demonstration, own: OwnModel, { token, procedure, input }: Read) =>
  ask<Record<string, unknown>>(demo, token, procedure, { projectId: own.id, ...input }, "query");

/** Refused attempts on one record, as its trail has them. */
async function refusedOn(demo: Demonstration, own: OwnModel, entityId: string): Promise<readonly string[]> {
  const { events } = await ask<{ events: { action: string }[] }>(
    demo,
    own.tokens.R7,
    "audit.list",
    { projectId: own.id, entityId, actions: [], actorIds: [] },
    "query",
  );
  return events.map(({ action }) => action).filter((action) => action.endsWith("_refused"));
}

test("what may not be done is refused on the page and by the call, and changes nothing", async ({ as, demo }) => {
  test.setTimeout(240_000);
  const own = await makeServedModel(demo);
  const { id: projectId, slug, tokens } = own;
  const [ada, mia, ravi] = [await as("R3"), await as("R7"), await as("R4")];

  await test.step("a verdict on evidence that changed behind an open dialogue", async () => {
    const number = await new ReviewPage(ada).openFor(own, "The version in production.");
    const reviewer = new ReviewPage(ravi);
    await reviewer.open(slug, number);
    await reviewer.finish.click();
    const dialog = ravi.getByRole("dialog");
    await expect(dialog.getByText("If it changes, the verdict is outdated.")).toBeVisible();
    const read = { token: tokens.R4, procedure: "reviews.get", input: { number } };
    const digestOf = (review: Record<string, unknown>) => (review.evidence as { digest: string } | null)?.digest;
    const shown = await recordOf(demo, own, read);
    await ask(demo, tokens.R3, "reviews.createSlice", {
      projectId,
      name: "Old pumps",
      expression: "age_days > 1000",
    });
    await expect
      .poll(async () => {
        const digest = digestOf(await recordOf(demo, own, read));
        return digest !== undefined && digest !== digestOf(shown);
      })
      .toBe(true);
    await dialog.getByLabel(/^Comment/).fill("Looks good.");
    await dialog.getByRole("button", { name: "Approve" }).click();
    await expect(dialog.getByText(/The evidence has changed since you opened this page/)).toBeVisible();
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await expect(reviewer.verdicts).toContainText("0 of 1");
    expect(await refusedOn(demo, own, String(shown.id))).toEqual(["reviews.verdict_refused"]);
  });

  const monitors = { mia: new MonitorPage(mia), ada: new MonitorPage(ada) };
  const number = await monitors.mia.create(slug, { floor: "0.7", reason: "Under it the KPI is missed." });
  await monitors.mia.signLimits("Under it the KPI is missed.");
  await monitors.ada.open(slug, number);
  await monitors.ada.signLimits("It is the threshold of the ML problem.");
  await expect(monitors.ada.signatures).toBeHidden();

  const judged = await test.step("limits that one person signed do not hold", async () => {
    await monitors.mia.proposeOthers({ floor: "0.05", reason: "Then it never fires." });
    await monitors.mia.signLimits("Then it never fires.");
    await monitors.mia.refusesToSign(/signed this evidence already/);
    const read = { token: tokens.R7, procedure: "monitoring.get", input: { number } };
    const thresholdsNow = async () => (await recordOf(demo, own, read)).thresholds as Threshold[];
    const before = await thresholdsNow();
    const proposed = before.find(({ state }) => state === "proposed");
    const asWhom = { thresholdId: proposed?.id, policyVersion: proposed?.approval.rules.policyVersion };
    for (const asRole of ["R7", "R3"]) {
      const refusal = await attempt(mia, "monitoring.decideThreshold", {
        projectId,
        ...asWhom,
        asRole,
        evidenceDigest: proposed?.approval.rules.evidenceDigest,
        meaning: "I have read this and approve it.",
      });
      expect(refusal?.reason).toBe(asRole === "R7" ? "already_signed" : "role_not_held");
    }
    expect(await thresholdsNow()).toEqual(before);
    expect(await refusedOn(demo, own, String(proposed?.id))).toHaveLength(2);
    await expect(monitors.mia.thresholds).toContainText("floor 0.7");
    const labels = await liveThrough(demo, own, { year: 2024, quarter: 1, truth: "the opposite" });
    await expect(mia.getByText(/is under its floor of 0.7 in 2024 Q1/).first()).toBeVisible({ timeout: 30_000 });
    return labels;
  });

  await test.step("a label for a request of another project", async () => {
    const stranger = personIn(demo, "R6").token;
    const response = await sendLabels(demo, stranger, [{ ...judged[0], value: 7 }]);
    expect(response.status).toBe(404);
    expect(await response.text()).toContain("There is no such request in this project.");
    const again = await sendLabels(demo, tokens.R3, judged);
    expect(await again.json()).toEqual({ accepted: 0, corrected: 0, repeated: judged.length });
  });

  await test.step("an answer to a request for data by somebody whom it is not for", async () => {
    const { number: item } = await ask<{ number: number }>(demo, tokens.R3, "feedback.create", {
      projectId,
      kind: "F1",
      title: "Pumps of the second hall",
    });
    await mia.goto(`/p/${slug}/feedback/${item}`);
    await new ItemPage(mia).refusesToAccept(/needs the role data engineer/);
    const read = { token: tokens.R7, procedure: "feedback.get", input: { number: item } };
    const before = await recordOf(demo, own, read);
    const refusal = await attempt(mia, "feedback.answer", { projectId, itemId: before.id, answer: "accept" });
    expect(refusal).toMatchObject({ code: "FORBIDDEN", message: expect.stringContaining("data engineer") });
    expect(await recordOf(demo, own, read)).toEqual(before);
    expect(await refusedOn(demo, own, String(before.id))).toEqual(["feedback.answer_refused"]);
  });
});
