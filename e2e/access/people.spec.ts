import { expect, test } from "../fixtures";
import { personIn } from "../people";

const PASSWORD = "a sentence is a good password";

test("an invited person joins by the link, works at once, and is out at once when deactivated", async ({
  as,
  browser,
  demo,
}) => {
  const name = `Guest ${Date.now()}`;
  const email = `${name.toLowerCase().replace(" ", "-")}@example.test`;
  const admin = await as("admin");
  await admin.goto(`/p/${demo.project}/settings`);
  await admin.getByRole("button", { name: "Invite", exact: true }).click();
  const dialog = admin.getByRole("dialog", { name: "Invite to the project" });
  await dialog.getByLabel("E-mail").fill(email);
  await dialog.getByRole("checkbox", { name: "Data engineer" }).check();
  await dialog.getByRole("button", { name: "Make invitation" }).click();
  const shown = admin.getByRole("dialog", { name: `Invitation for ${email}` });
  const link = (await shown.locator("code").textContent()) ?? "";
  await shown.getByRole("button", { name: "I have copied it" }).click();
  await expect(admin.getByRole("region", { name: "Open invitations" })).toContainText(email);

  const context = await browser.newContext({ baseURL: demo.url });
  const guest = await context.newPage();
  await guest.goto(link);
  await expect(guest.getByRole("main")).toContainText("data engineer");
  await guest.getByLabel("Your name").fill(name);
  await guest.getByLabel("Password").fill(PASSWORD);
  await guest.getByRole("button", { name: "Accept invitation" }).click();
  await expect(guest.getByRole("heading", { level: 1 })).toContainText("Guest");
  const second = await context.newPage();
  await second.goto(link);
  await expect(second.getByRole("heading", { level: 1, name: "This link was used already" })).toBeVisible();

  await admin.goto("/admin");
  await admin.getByRole("button", { name: `Manage ${name}` }).click();
  await admin.getByRole("button", { name: "Deactivate…" }).click();
  const confirm = admin.getByRole("dialog", { name: `Deactivate ${name}?` });
  await expect(confirm).toContainText("Nothing open counts on them.");
  await confirm.getByLabel(`Type ${name} to go on`).fill(name);
  await confirm.getByRole("button", { name: "Deactivate" }).click();
  await expect(admin.getByRole("row", { name: new RegExp(name) })).toContainText("Deactivated");

  // The open page hears that its session has ended, and every other page asks to sign in.
  const signIn = guest.getByRole("heading", { level: 1, name: "Sign in" });
  await expect(signIn).toBeVisible();
  await guest.goto("/account");
  await expect(signIn).toBeVisible();
  await context.close();
});

test("what a role may not do is disabled and says who may", async ({ as, demo }) => {
  const page = await as("R3");
  await page.goto(`/p/${demo.project}/settings`);
  const invite = page.getByRole("button", { name: "Invite", exact: true });
  await expect(invite).toBeDisabled();
  await expect(invite).toHaveAccessibleDescription(/needs the role business stakeholder or administrator/);
  await page.goto("/admin");
  await expect(page.getByText("This needs the role administrator or auditor.")).toBeVisible();
});

test("a stakeholder gives the roles that train and build, not those that decide", async ({ as, demo }) => {
  const page = await as("R1");
  const scientist = personIn(demo, "R3");
  await page.goto(`/p/${demo.project}/settings`);
  await page.getByRole("button", { name: `Roles of ${scientist.name}` }).click();
  const dialog = page.getByRole("dialog", { name: `Roles of ${scientist.name}` });
  await expect(dialog.getByRole("button", { name: "Grant Data engineer" })).toBeEnabled();
  const restricted = dialog.getByRole("button", { name: "Grant ML engineer" });
  await expect(restricted).toBeDisabled();
  await expect(restricted).toHaveAccessibleDescription(/needs the role administrator/);
});

test("a token is made once, shown once, works until it is revoked", async ({ as, demo }) => {
  const page = await as("R5");
  await page.goto(`/p/${demo.project}/settings?tab=tokens`);
  const name = `notebook ${Date.now()}`;
  await page.getByRole("button", { name: "New token" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill(name);
  await page.getByRole("button", { name: "Make token" }).click();
  const shown = page.getByRole("dialog", { name: "Your new token" });
  const token = (await shown.locator("code").textContent()) ?? "";
  await shown.getByRole("button", { name: "I have copied it" }).click();
  const ask = () => fetch(`${demo.url}/api/trpc/identity.me`, { headers: { authorization: `Bearer ${token}` } });
  expect((await ask()).status).toBe(200);
  await expect(page.getByText(token)).toHaveCount(0);
  await page.getByRole("button", { name: `Revoke the token ${name}` }).click();
  await page.getByRole("button", { name: "Revoke token", exact: true }).click();
  await expect(page.getByRole("button", { name: `Revoke the token ${name}` })).toHaveCount(0);
  expect((await ask()).status).toBe(401);
});

test("an audit row opens its proof, which holds", async ({ as, demo }) => {
  const page = await as("R1");
  await page.goto(`/p/${demo.project}/audit`);
  const row = page.getByRole("row").filter({ hasText: "Verified" }).first();
  await row.getByRole("button").first().click();
  const proof = page.getByRole("dialog", { name: "Proof" });
  await expect(proof).toContainText("Verified");
  await expect(proof).toContainText("Seal before");
  await expect(page).toHaveURL(/event=/);
  await page.keyboard.press("Escape");
  await expect(proof).toHaveCount(0);
});
