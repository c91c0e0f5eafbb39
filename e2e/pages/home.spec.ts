import { expect, test } from "../fixtures";

test("a person is greeted, sees what changed and what is in production", async ({ as, demo }) => {
  const page = await as("R7");
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1, name: /^Good (morning|afternoon|evening), / })).toBeVisible();
  await expect(page.getByRole("heading", { name: "Waiting for me" })).toBeVisible();
  const fleet = page.getByRole("table", { name: "Production fleet" });
  // Other stories serve models of their own, to which the same person may belong.
  const row = fleet.getByRole("row").filter({ hasText: demo.model });
  await expect(row.getByText("Serving")).toBeVisible();
});

test("the keyboard reaches the content first, then the navigation", async ({ as }) => {
  const page = await as("R3");
  await page.goto("/");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();
});

test("the theme that a person chooses stays, without a flash of the other", async ({ as }) => {
  const page = await as("R2");
  await page.goto("/");
  await page.getByRole("button", { name: /^Account of/ }).click();
  await page.getByRole("menuitemradio", { name: "Dark" }).click();
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.getByRole("button", { name: /^Account of/ }).click();
  await page.getByRole("menuitemradio", { name: "System" }).click();
});
