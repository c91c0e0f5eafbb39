import { expect, test } from "../fixtures";

test("from a model version one sees what it came from, as a graph and as a table, and what a change would touch", async ({
  as,
  demo,
}) => {
  const page = await as("R3");
  await page.goto(`/p/${demo.project}/models/${demo.model}/1`);
  await page.getByRole("link", { name: "Lineage", exact: true }).last().click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Lineage");
  const card = page.getByRole("region", { name: `Lineage of ${demo.model} v1`, exact: true });
  await expect(card.getByRole("button", { name: new RegExp(`${demo.model} v1`) }).first()).toBeVisible();

  await card.getByRole("button", { name: "Where it came from" }).click();
  await expect(page).toHaveURL(/direction=upstream/);
  await card.getByRole("button", { name: "Table" }).click();
  const table = page.getByRole("table", { name: "Causes and consequences" });
  await expect(table).toContainText("dataset version");
  await expect(table).toContainText("pipeline run");
  await expect(page.getByRole("region", { name: /What a change of .* would touch/ })).toContainText("deployment");

  await table
    .getByRole("link", { name: /seattle-weather v/ })
    .first()
    .click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("seattle-weather");
});

test("an artefact is found by a part of its name; a name that nothing has says so", async ({ as, demo }) => {
  const page = await as("R1");
  await page.goto(`/p/${demo.project}/lineage`);
  const search = page.getByRole("searchbox", { name: "Part of its name" });
  await search.fill("no such thing");
  await expect(page.getByText("Nothing has that name")).toBeVisible();
  await search.fill(`${demo.model} v1 in production`);
  await page
    .getByRole("link", { name: new RegExp(`${demo.model} v1 in production`) })
    .first()
    .click();
  await expect(page.getByRole("button", { name: "Find another" })).toBeVisible();
});
