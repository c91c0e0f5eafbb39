import { expect, test } from "../fixtures";
import { personIn } from "../people";
import { PromotionPage } from "../promotions/promotion-page";
import { makeReviewedModel, propose } from "./own-model";
import { ReviewPage } from "./review-page";

test("a request for changes blocks the promotion until it is answered, resolved and approved", async ({ as, demo }) => {
  test.setTimeout(300_000);
  const own = await makeReviewedModel(demo);
  const { slug } = own;
  const [ada, ravi] = [personIn(demo, "R3"), personIn(demo, "R4")];
  const scientist = new ReviewPage(await as("R3"));
  const dataEngineer = new ReviewPage(await as("R4"));
  const software = new ReviewPage(await as("R5"));
  const engineer = new PromotionPage(await as("R7"));

  const promotion = await propose(demo, own, "production");
  const rule = engineer.page.getByRole("row", { name: /^Experiment review/ });
  await test.step("without a review nobody can sign, and the page says so", async () => {
    await engineer.open(slug, promotion);
    await expect(engineer.page.getByText("Waits for its review")).toBeVisible();
    await expect(rule).toContainText("No review is open for this version.");
    await engineer.refuses(engineer.sign, /Experiment review did not pass/);
  });

  const number = await test.step("the data scientist opens it on the version's page, and cannot judge it", async () => {
    const opened = await scientist.openFor(own, "The first version for production.");
    await expect(scientist.finish).toBeDisabled();
    await expect(scientist.finish).toHaveAccessibleDescription(/you opened this review/);
    await expect(scientist.blocks).toContainText("have not given a verdict");
    return opened;
  });

  await test.step("a slice is added, and both sides are computed on it", async () => {
    await dataEngineer.open(slug, number);
    await dataEngineer.page.getByRole("button", { name: "Slices" }).click();
    const dialog = dataEngineer.page.getByRole("dialog");
    await dialog.getByLabel("Name").fill("Old pumps");
    await dialog.getByLabel("Condition").fill("age_days >");
    await dialog.getByRole("button", { name: "Add slice" }).click();
    await expect(dialog.getByText(/The condition was refused/)).toBeVisible();
    await dialog.getByLabel("Condition").fill("age_days > 1000");
    await dialog.getByRole("button", { name: "Add slice" }).click();
    await expect(dialog.getByRole("list", { name: "Slices" })).toContainText("Old pumps");
    await dialog.getByRole("button", { name: "Close" }).click();
    const row = dataEngineer.page.getByRole("row", { name: /^Old pumps/ });
    await expect(row).toContainText(/\d+ rows/, { timeout: 60_000 });
  });

  const question = `Is this noise, @${ada.name}?`;
  await test.step("the data engineer quotes the slice and requests changes", async () => {
    await dataEngineer.comment("Old pumps", question);
    await expect(dataEngineer.thread(question)).toContainText("Frozen with its data");
    await dataEngineer.requestChanges("Old pumps are what we replace. I want to know whether this holds.");
    await expect(dataEngineer.verdicts).toContainText("Changes");
    await expect(dataEngineer.page.getByText("Changes requested", { exact: true })).toBeVisible();
  });

  await test.step("the promotion tells it without a click", async () => {
    await expect(rule).toContainText(`${ravi.name} asks for changes.`);
    await expect(rule).toContainText("1 thread is not resolved.");
    await engineer.refuses(engineer.sign, /Experiment review did not pass/);
  });

  await test.step("the data scientist finds the mention at home and answers; the notice is done", async () => {
    const { page } = scientist;
    await page.goto("/");
    const notice = page.getByRole("link", { name: new RegExp(`^${ravi.name} mentions you in R-${number}`) });
    await notice.click();
    await page.waitForURL(/#thread-/);
    const thread = scientist.thread(question);
    await expect(thread.getByRole("button", { name: "Resolve" })).toBeDisabled();
    await scientist.answer(question, "The interval is as wide as that of all rows.");
    await page.goto("/");
    await expect(notice).toBeHidden();
  });

  await test.step("resolved and approved by both, the promotion can be signed", async () => {
    const thread = dataEngineer.thread(question);
    await expect(thread).toContainText("as wide as that of all rows");
    await dataEngineer.resolve(question);
    await dataEngineer.approve("Answered.");
    await software.open(slug, number);
    await software.approve("The serving contract is unchanged.");
    await expect(software.page.getByText("Approved", { exact: true }).first()).toBeVisible();
    await expect(software.verdicts).toContainText("2 of 2");
    await expect(rule).toContainText("Pass", { timeout: 30_000 });
    await expect(engineer.sign).toBeEnabled();
    await engineer.signFor("production", { comment: "Reviewed; the evidence is sound." });
  });

  await test.step("the list of reviews shows where it stands", async () => {
    await software.page.goto(`/p/${slug}/reviews`);
    const row = software.page.getByRole("row", { name: new RegExp(`R-${number}$`) });
    await expect(row).toContainText("Approved");
    await expect(row).toContainText("2 of 2");
  });
});
