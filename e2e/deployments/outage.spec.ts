import { test as base, expect, signInOn } from "../fixtures";
import { type Demonstration, personIn } from "../people";
import { PromotionPage } from "../promotions/promotion-page";
import { makeStagedModel, type OwnModel, propose, signFor } from "../reviews/own-model";
import { type Installation, newInstallation, settle } from "./installation";

const test = base.extend<{ readonly installation: Installation }>({
  // biome-ignore lint/correctness/noEmptyPattern: the fixture form asks for a pattern
  installation: async ({}, use) => {
    const installation = newInstallation();
    await use(installation);
    await installation.erase();
  },
});

const answers = (url: string) =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );

async function predict({ gatewayUrl }: Demonstration, { model, tokens }: OwnModel): Promise<number> {
  const response = await fetch(`${gatewayUrl}/models/${model}/invocations`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${tokens.R3}` },
    body: JSON.stringify({ dataframe_records: [{ temperature: 74.5, vibration: 4.8, age_days: 1800 }] }),
  });
  await response.arrayBuffer();
  return response.status;
}

test("everything is killed while an approval waits; after a start the last signature deploys", async ({
  browser,
  installation,
}) => {
  test.setTimeout(300_000);
  const demo = await test.step("an installation of its own", async () =>
    settle(installation, await installation.start()));
  const own = await makeStagedModel(demo, []);
  const number = await propose(demo, own, "production");
  await signFor(demo, own, { number, asRole: "R7" });

  const context = await browser.newContext({ baseURL: demo.url });
  const stakeholder = new PromotionPage(await context.newPage());
  await signInOn(stakeholder.page, personIn(demo, "R1"));
  await stakeholder.open(own.slug, number);
  await expect(stakeholder.page.getByText("Waiting for you")).toBeVisible();

  await test.step("all processes are killed", async () => {
    await installation.kill();
    await expect.poll(() => answers(`${demo.url}/health`)).toBe(false);
    await expect.poll(() => answers(`${demo.gatewayUrl}/v2/health/ready`)).toBe(false);
  });

  await test.step("a start brings everything back, the first signature with it", async () => {
    await installation.start();
    expect(installation.addresses()).toEqual({ url: demo.url, gatewayUrl: demo.gatewayUrl });
    await stakeholder.open(own.slug, number);
    await expect(stakeholder.signatures).toContainText("The evidence is sound and this version is fit to serve.");
    await expect(stakeholder.page.getByText("Waiting for you")).toBeVisible();
    expect(await predict(demo, own)).not.toBe(200);
  });

  await test.step("the last signature is given, and the deployment follows by itself", async () => {
    await stakeholder.signFor("production", { comment: "Worth it, also after the outage." });
    await expect(stakeholder.page.getByRole("region", { name: "Outcome" })).toContainText("Deployed", {
      timeout: 60_000,
    });
    await expect.poll(() => predict(demo, own)).toBe(200);
  });
  await context.close();
});
