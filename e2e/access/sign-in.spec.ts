import { expect, test } from "../fixtures";
import { personIn } from "../people";

test("a page that needs a sign-in leads back to itself afterwards", async ({ browser, demo }) => {
  const person = personIn(demo, "R3");
  const context = await browser.newContext({ baseURL: demo.url });
  const page = await context.newPage();
  await page.goto("/account");
  await expect(page).toHaveURL(/\/sign-in\?next=%2Faccount$/);
  await page.getByLabel("E-mail").fill(person.email);
  await page.getByLabel("Password").fill(person.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { level: 1, name: person.name })).toBeVisible();
  await expect(page).toHaveURL(/\/account$/);

  const cookie = (await context.cookies()).find(({ name }) => name.includes("session-token"));
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Lax" });
  await page.getByRole("button", { name: /^Account of/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();

  // The cookie that was signed out is worth nothing, even when somebody kept it.
  if (cookie) await context.addCookies([cookie]);
  await page.goto("/account");
  await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
  await context.close();
});

test("ten wrong passwords get a clear sentence and a growing delay", async ({ browser, demo }) => {
  const context = await browser.newContext({ baseURL: demo.url });
  const page = await context.newPage();
  await page.goto("/sign-in");
  // Nobody's address: it answers as a wrong password does, and no other test waits for it.
  const email = `nobody-${Date.now()}@example.test`;
  const alert = page.getByRole("main").getByRole("alert");
  let refused = 0;
  for (let attempt = 0; attempt < 10; attempt += 1) {
    await page.getByLabel("E-mail").fill(email);
    await page.getByLabel("Password").fill("not the password");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByRole("button", { name: "Sign in" })).not.toHaveAttribute("aria-busy", "true");
    await expect(alert).toContainText(/do not belong together|Too many attempts/);
    if ((await alert.textContent())?.includes("Too many attempts")) refused += 1;
  }
  expect(refused).toBeGreaterThanOrEqual(1);
  await context.close();
});

test("another site's address after the sign-in is not followed", async ({ as }) => {
  const page = await as("R4");
  await page.goto("/sign-in?next=https%3A%2F%2Fevil.example%2F");
  await expect(page).toHaveURL(/^http:\/\/localhost:\d+\/$/);
});
