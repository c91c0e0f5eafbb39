import { expect, test } from "../fixtures";

test("the process map says what stands, opens its artefact, and names who could do the rest", async ({ as, demo }) => {
  const page = await as("R2");
  await page.goto(`/p/${demo.project}/process`);
  await expect(page.getByText(/^\d+ of 78 done$/)).toBeVisible();

  await page.getByRole("button", { name: /Look at the data/ }).click();
  const sheet = page.getByRole("dialog");
  await expect(sheet).toContainText("A-11");
  await expect(sheet).toContainText("The product keeps no record of this yet.");
  await sheet.getByRole("link", { name: /^Profile of / }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("seattle-weather");

  await page.goto(`/p/${demo.project}/process`);
  await page.getByRole("button", { name: "Table" }).click();
  await page.getByRole("button", { name: /State/ }).click();
  await page.getByRole("checkbox", { name: /Not yet/ }).check();
  await expect(page).toHaveURL(/state=not_yet/);
  const table = page.getByRole("table", { name: "Items of the process" });
  await expect(table).toContainText("A-02");
  await expect(table).not.toContainText("A-09");
});
