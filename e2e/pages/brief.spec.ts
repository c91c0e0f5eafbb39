import { expect, test } from "../fixtures";

test("an administrator creates a project and states its problem; what another role does is barred with the reason", async ({
  as,
}) => {
  const page = await as("admin");
  const name = `Trial ${Date.now().toString(36)}`;
  await page.goto("/new-project");
  await page.getByRole("button", { name: "Create project" }).click();
  await expect(page.getByLabel("Name")).toHaveAccessibleDescription(/This is needed/);
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Risk class").selectOption("high");
  await page.getByRole("button", { name: "Create project" }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();

  const define = page.getByRole("button", { name: "Define the ML problem" });
  await expect(define).toBeDisabled();
  await expect(define).toHaveAccessibleDescription(/needs the role data scientist/);

  await page.getByRole("button", { name: "State the problem" }).click();
  const dialog = page.getByRole("dialog", { name: "Problem statement" });
  await dialog.getByRole("button", { name: "Save statement" }).click();
  await expect(dialog.getByLabel("Goal")).toHaveAccessibleDescription(/This is needed/);
  await dialog.getByLabel("Goal").fill("Fewer birds on the runway.");
  await dialog.getByLabel("KPI", { exact: true }).fill("Strikes");
  await dialog.getByLabel("Baseline").fill("12,5");
  await dialog.getByLabel("Target").fill("8");
  await dialog.getByRole("button", { name: "Save statement" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText("Fewer birds on the runway.")).toBeVisible();
  await expect(page.getByText("12.5")).toBeVisible();
});

test("a data scientist may not state the problem, and is told who may", async ({ as, demo }) => {
  const page = await as("R3");
  await page.goto(`/p/${demo.project}`);
  const edit = page.getByRole("region", { name: "Problem", exact: true }).getByRole("button", { name: "Edit" });
  await expect(edit).toBeDisabled();
  await expect(edit).toHaveAccessibleDescription(/needs the role business stakeholder/);
});
