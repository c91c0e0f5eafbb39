import type { Page } from "@playwright/test";
import { ItemPage } from "../feedback/item-page";
import { expect, test } from "../fixtures";
import { personIn } from "../people";
import { PromotionPage } from "../promotions/promotion-page";
import { makeServedModel, newestVersion, propose } from "../reviews/own-model";
import { ReviewPage } from "../reviews/review-page";
import { MonitorPage } from "./monitor-page";
import { liveThrough } from "./traffic";

const numberIn = (page: Page) => Number(page.url().split("/").at(-1));

// A missing button is told in seconds, not when the whole story has run out of time.
test.use({ actionTimeout: 20_000 });

/** Retraining after acceptance, by the pipeline as it is then. */
async function writePolicy(page: Page, project: string): Promise<void> {
  await page.goto(`/p/${project}/feedback/retraining`);
  await page.getByRole("button", { name: "Write the first policy" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("When").selectOption({ label: "After a data scientist has accepted the finding" });
  for (const field of ["First day goes to", "Last day goes to"]) {
    await dialog.getByLabel(field).selectOption({ label: "None" });
  }
  await dialog.getByRole("button", { name: "Save v1" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText("after the finding is accepted")).toBeVisible();
}

test("a model that falls behind is found, trained anew, reviewed, signed by two, and the data says that it helped", async ({
  as,
  demo,
}) => {
  test.setTimeout(300_000);
  const own = await makeServedModel(demo);
  const { slug } = own;
  const ravi = personIn(demo, "R4");
  const [ada, mia, sam] = [await as("R3"), await as("R7"), await as("R1")];
  const scientist = { monitor: new MonitorPage(ada), item: new ItemPage(ada), review: new ReviewPage(ada) };
  const engineer = { monitor: new MonitorPage(mia), promotion: new PromotionPage(mia) };
  const dataEngineer = new ReviewPage(await as("R4"));
  const stakeholder = new PromotionPage(sam);
  const barred = new PromotionPage(ada);

  const monitor =
    await test.step("the ML engineer sets a monitor, a policy, and signs alone: nothing is judged", async () => {
      await writePolicy(mia, slug);
      const number = await engineer.monitor.create(slug, { floor: "0.7", reason: "Under it the KPI is missed." });
      await engineer.monitor.signLimits("Under it the KPI is missed.");
      await engineer.monitor.refusesToSign(/signed this evidence already/);
      await liveThrough(demo, own, { year: 2024, quarter: 1, truth: "the opposite" });
      await expect(mia.getByText("Its limits wait for two signatures.")).toBeVisible();
      await expect(engineer.monitor.signatures).toContainText("1 of 2");
      await expect(engineer.monitor.thresholds).toContainText("nothing is judged");
      await expect(engineer.monitor.alerts).toBeHidden();
      return number;
    });

  const alert = await test.step("the data scientist signs too; the schedule's check fires one alert", async () => {
    await scientist.monitor.open(slug, monitor);
    await scientist.monitor.signLimits("It is the threshold of the ML problem.");
    await expect(mia.getByText("Alert firing")).toBeVisible({ timeout: 30_000 });
    await expect(
      engineer.monitor.alerts.getByRole("row", { name: /is under its floor of 0.7 in 2024 Q1/ }),
    ).toHaveCount(1);
    await mia.getByRole("link", { name: /^Alert #/ }).click();
    await mia.waitForURL(/\/alerts\/\d+$/);
    return numberIn(mia);
  });

  const item =
    await test.step("the finding goes to the data scientist alone, and the policy waits for her", async () => {
      await expect(mia.getByText(/waits until a data scientist accepts the finding/)).toBeVisible({ timeout: 30_000 });
      await mia.getByRole("link", { name: /^Feedback #/ }).click();
      await new ItemPage(mia).refusesToAccept(/needs the role data scientist/);
      await ada.goto(`/p/${slug}/feedback`);
      await ada.getByRole("link", { name: /^Accuracy of pump-failures v1 at 0\.000 in 2024 Q1/ }).click();
      await ada.waitForURL(/\/feedback\/\d+$/);
      await expect(scientist.item.retraining).toContainText("waits until a data scientist accepts");
      return numberIn(ada);
    });

  await test.step("a larger forest is pushed, she accepts, and the retraining registers a challenger", async () => {
    const { code, output } = await own.shell.lines(
      "sed -i 's/default: 50/default: 90/' pumps/pipeline.yaml && npx countersign pipeline push pumps",
    );
    expect(code, output).toBe(0);
    await scientist.item.acceptFor("I train it anew and look at the labels.");
    await expect(scientist.item.retraining).toContainText("Started after the finding was accepted by policy v1");
    await scientist.item.way.getByRole("link", { name: /^run #/ }).click();
    await expect(ada.getByText("Retraining policy v1 after alert").first()).toBeVisible();
    await expect.poll(async () => (await newestVersion(demo, own)).version, { timeout: 90_000 }).toBe(2);
    await ada.goto(`/p/${slug}/feedback/${item}`);
    await expect(scientist.item.way.getByRole("link", { name: /^pump-failures v2/ })).toBeVisible();
  });
  const challenger = { ...own, ...(await newestVersion(demo, own)) };

  await test.step("it goes to staging by the ML engineer's signature", async () => {
    await engineer.promotion.open(slug, await propose(demo, challenger, "staging"));
    await engineer.promotion.signFor("staging", { comment: "Nothing speaks against trying it." });
    await expect(mia.getByRole("region", { name: "Outcome" })).toContainText("Deployed", { timeout: 60_000 });
  });

  const promotion = await propose(demo, challenger, "production");
  const rule = mia.getByRole("row", { name: /^Experiment review/ });
  const question = "Were the labels of this quarter turned round?";
  await test.step("the data engineer requests changes, which block the promotion", async () => {
    const review = await scientist.review.openFor(challenger, "Trained anew after an alert.");
    await dataEngineer.open(slug, review);
    await dataEngineer.comment("All rows", question);
    await dataEngineer.requestChanges("First the labels, then the model.");
    await engineer.promotion.open(slug, promotion);
    await expect(rule).toContainText(`${ravi.name} asks for changes.`);
    await expect(rule).toContainText("1 thread is not resolved.");
    await engineer.promotion.refuses(engineer.promotion.sign, /Experiment review did not pass/);
  });

  await test.step("answered, resolved and approved, it can be signed, but not by who accepted the finding", async () => {
    await scientist.review.answer(question, "They were; the source is mended, and the model is sound.");
    await expect(dataEngineer.thread(question)).toContainText("the source is mended");
    await dataEngineer.resolve(question);
    await dataEngineer.approve("Answered.");
    await expect(rule).toContainText("Pass", { timeout: 30_000 });
    await barred.open(slug, promotion);
    await expect(barred.sign).toBeDisabled();
    await expect(ada.getByText("You may not sign.")).toBeVisible();
  });

  await test.step("two different people sign, and it serves without another click", async () => {
    await engineer.promotion.signFor("production", { comment: "As good as the first on what neither has seen." });
    await engineer.promotion.refuses(engineer.promotion.sign, /signed this evidence already/);
    await stakeholder.open(slug, promotion);
    await stakeholder.signFor("production", { comment: "Worth it." });
    await expect(sam.getByRole("region", { name: "Outcome" })).toContainText("Deployed", { timeout: 60_000 });
    await ada.goto(`/p/${slug}/feedback/${item}`);
    await expect(scientist.item.way.getByRole("link", { name: /^production Active/i })).toBeVisible();
  });

  await test.step("the next quarter agrees with its answers, and the open page shows the alert resolved by data", async () => {
    await mia.goto(`/p/${slug}/monitors/alerts/${alert}`);
    const timeline = mia.getByRole("region", { name: "Timeline" });
    await expect(timeline).toContainText("fired");
    await expect(timeline).not.toContainText("resolved it by data");
    await liveThrough(demo, challenger, { year: 2024, quarter: 2, truth: "as answered" });
    await expect(timeline).toContainText("resolved it by data", { timeout: 30_000 });
    await engineer.monitor.open(slug, monitor);
    await expect(engineer.monitor.alerts.getByRole("row")).toHaveCount(2);
    await expect(engineer.monitor.alerts).toContainText("Resolved");
  });
});
