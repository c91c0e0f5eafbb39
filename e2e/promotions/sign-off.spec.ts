import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures";
import { type Demonstration, personIn } from "../people";
import { ask } from "../pipelines/own-project";
import { PromotionPage } from "./promotion-page";

type Run = { readonly state: string; readonly number: number };
type Version = { readonly modelVersionId: string; readonly version: number };

/** Trains and registers the next version: the demonstration's own pipeline, started by the data scientist. */
async function trainNext(demo: Demonstration, projectId: string): Promise<Version> {
  const { token } = personIn(demo, "R3");
  const newest = async () => (await ask<Version[]>(demo, token, "promotions.candidates", { projectId }, "query"))[0];
  const before = (await newest())?.version ?? 0;
  const pipelines = await ask<{ id: string; kind: string }[]>(demo, token, "pipelines.list", { projectId }, "query");
  const pipeline = pipelines.find(({ kind }) => kind === "production");
  const { number } = await ask<Run>(demo, token, "pipelines.start", {
    projectId,
    pipelineId: pipeline?.id,
    // The year that the version in production knows, a little smoother: as good as that, and judged so.
    parameters: { first_day: "2012-10-01", last_day: "2013-09-30", inverse_regularisation: 0.6 },
  });
  await expect
    .poll(async () => (await ask<Run>(demo, token, "pipelines.run", { projectId, number }, "query")).state, {
      timeout: 120_000,
    })
    .toBe("succeeded");
  const made = await newest();
  if (!made || made.version <= before) throw new Error("The run registered no version.");
  return made;
}

type Review = { readonly id: string; readonly evidence: { readonly digest: string } | null };

/** The review that the demonstration's policy for production asks for: opened by the data scientist, approved by two. */
async function approveInReview(demo: Demonstration, projectId: string, modelVersionId: string): Promise<void> {
  const { number } = await ask<{ number: number }>(demo, personIn(demo, "R3").token, "reviews.open", {
    projectId,
    subject: { kind: "model_version", modelVersionId },
  });
  const read = (token: string) => ask<Review>(demo, token, "reviews.get", { projectId, number }, "query");
  await expect
    .poll(async () => (await read(personIn(demo, "R3").token)).evidence !== null, { timeout: 60_000 })
    .toBe(true);
  for (const asRole of ["R4", "R5"] as const) {
    const { token } = personIn(demo, asRole);
    const review = await read(token);
    await ask(demo, token, "reviews.verdict", {
      projectId,
      reviewId: review.id,
      asRole,
      decision: "approved",
      evidenceDigest: review.evidence?.digest,
    });
  }
}

test("a version goes live only after different people signed, and comes back by one click", async ({ as, demo }) => {
  test.setTimeout(300_000);
  const { project, model } = demo;
  const { id: projectId } = await ask<{ id: string }>(
    demo,
    personIn(demo, "R3").token,
    "projects.bySlug",
    { slug: project },
    "query",
  );
  const version = await trainNext(demo, projectId);

  const scientist = new PromotionPage(await as("R3"));
  const engineer = new PromotionPage(await as("R7"));
  const stakeholder = new PromotionPage(await as("R1"));
  const software = new PromotionPage(await as("R5"));
  const numberOf = (page: PromotionPage) => Number(page.page.url().split("/").at(-1));

  await test.step("the data scientist proposes it for staging and cannot approve it", async () => {
    await scientist.page.goto(`/p/${project}/promotions/new?version=${version.modelVersionId}`);
    await expect(scientist.page.getByText(/does not serve in staging/)).toBeVisible();
    await scientist.page.getByRole("radio", { name: /^staging/ }).check();
    await scientist.page.getByRole("button", { name: "Propose for staging" }).click();
    await scientist.page.waitForURL(/\/promotions\/\d+$/);
    await expect(scientist.page.getByRole("table", { name: "Verdicts" })).toBeVisible({ timeout: 60_000 });
    await scientist.refuses(scientist.sign, /needs the role ML engineer/);
    await scientist.refuses(scientist.giveBack, /You proposed this: withdraw it instead/);
    await expect(scientist.withdraw).toBeEnabled();
    await expect(scientist.page.getByText("You may not sign.")).toBeVisible();
  });

  const staging = numberOf(scientist);
  await test.step("the ML engineer signs, naming what is inconclusive, and it deploys by itself", async () => {
    await engineer.open(project, staging);
    await engineer.signFor("staging", { comment: "Same data and settings; nothing speaks against it." });
    await expect(engineer.page.getByRole("region", { name: "Outcome" })).toContainText("Deployed", { timeout: 60_000 });
  });

  await test.step("data engineer and software engineer approve it in a review", () =>
    approveInReview(demo, projectId, version.modelVersionId));

  await test.step("production waits for two different people", async () => {
    await scientist.page.goto(`/p/${project}/promotions/new?version=${version.modelVersionId}&environment=production`);
    await scientist.page.getByRole("button", { name: "Propose for production" }).click();
    await scientist.page.waitForURL(
      (url) => /\/promotions\/\d+$/.test(url.pathname) && !url.pathname.endsWith(`/${staging}`),
    );
    await expect(scientist.page.getByRole("table", { name: "Verdicts" })).toBeVisible({ timeout: 60_000 });
  });

  const production = numberOf(scientist);
  await test.step("the ML engineer signs; then only the stakeholder can", async () => {
    await engineer.open(project, production);
    await engineer.signFor("production", { comment: "Evidence is sound, v1 stays as the way back." });
    await engineer.refuses(engineer.sign, /signed this evidence already/);
    await software.open(project, production);
    await software.refuses(software.sign, /needs the role business stakeholder or ML engineer|needs the role/);
    await software.refuses(software.withdraw, /ML engineer|reaches only/);
    await stakeholder.open(project, production);
    await expect(stakeholder.page.getByText("Waiting for you")).toBeVisible();
  });

  await test.step("the stakeholder signs, and it serves without another click", async () => {
    await stakeholder.signFor("production", { comment: "Worth it." });
    await expect(stakeholder.page.getByRole("region", { name: "Outcome" })).toContainText("Deployed", {
      timeout: 60_000,
    });
    await expect(stakeholder.page.getByText("The gateway answered 20 recorded rows")).toBeVisible();
    const answer = await predict(demo);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toHaveProperty("predictions");
  });

  await test.step("a rollback needs a reason and no signature; a stopped model answers nothing", async () => {
    const card = (page: Page) => page.getByRole("region", { name: `${model} in production` });
    await scientist.page.goto(`/p/${project}/deployments`);
    await expect(card(scientist.page).getByRole("button", { name: "Stop traffic" })).toBeDisabled();
    await expect(
      card(scientist.page)
        .getByRole("button", { name: /^Roll back/ })
        .first(),
    ).toHaveAccessibleDescription(/DevOps engineer or ML engineer/);

    const devops = await as("R6");
    await devops.goto(`/p/${project}/deployments`);
    await expect(card(devops)).toContainText(`v${version.version}`);
    await card(devops)
      .getByRole("button", { name: `Roll back to v${version.version - 1}` })
      .first()
      .click();
    await confirm(devops, "It answered too slowly.", /^Roll back/);
    await expect(
      card(devops)
        .getByRole("row", { name: /rollback by/ })
        .first(),
    ).toContainText("Active", { timeout: 60_000 });

    await card(devops).getByRole("button", { name: "Stop traffic" }).click();
    await confirm(devops, "A drill.", "Stop traffic");
    await expect(card(devops).getByText("A drill.")).toBeVisible();
    await expect.poll(async () => (await predict(demo)).status).toBe(503);
    await card(devops).getByRole("button", { name: "Resume traffic" }).click();
    await confirm(devops, "The drill is over.", "Resume traffic");
    await expect.poll(async () => (await predict(demo)).status).toBe(200);
  });
});

async function confirm(page: Page, reason: string, act: string | RegExp): Promise<void> {
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Reason").fill(reason);
  await dialog.getByRole("button", { name: act }).click();
  await expect(dialog).toBeHidden();
}

function predict(demo: Demonstration): Promise<Response> {
  const day = { temp_max: 12.8, temp_min: 5, wind: 4.7, season_sin: 0, season_cos: 1 };
  return fetch(`${demo.gatewayUrl}/models/${demo.model}/invocations`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${personIn(demo, "R3").token}` },
    body: JSON.stringify({ dataframe_records: [day] }),
  });
}
