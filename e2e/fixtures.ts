import { mkdtempSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { type Browser, test as base, expect, type Page } from "@playwright/test";
import { type Demonstration, type Person, type PersonRole, personIn, readDemonstration } from "./people";

type Fixtures = {
  readonly demo: Demonstration;
  /** A page of the person who holds the role, signed in. */
  readonly as: (role: PersonRole) => Promise<Page>;
};
type WorkerFixtures = { readonly signedIn: Map<string, string>; readonly stateFolder: string };

/** Signs in by the form, as a person does. */
export async function signInOn(page: Page, person: Pick<Person, "name" | "email" | "password">): Promise<void> {
  await page.goto("/sign-in");
  await page.getByLabel("E-mail").fill(person.email);
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(person.name.split(" ")[0] ?? "");
}

/** Signs in and keeps the browser's state for the other tests of this worker. */
async function signIn(browser: Browser, demo: Demonstration, role: PersonRole, file: string): Promise<void> {
  const context = await browser.newContext({ baseURL: demo.url });
  await signInOn(await context.newPage(), personIn(demo, role));
  await context.storageState({ path: file });
  await context.close();
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: the fixture form asks for a pattern
  demo: async ({}, use) => use(readDemonstration()),
  // biome-ignore lint/correctness/noEmptyPattern: the fixture form asks for a pattern
  signedIn: [async ({}, use) => use(new Map()), { scope: "worker" }],
  stateFolder: [
    // biome-ignore lint/correctness/noEmptyPattern: the fixture form asks for a pattern
    async ({}, use) => use(mkdtempSync(path.join(os.tmpdir(), "countersign-e2e-"))),
    { scope: "worker" },
  ],
  as: async ({ browser, demo, signedIn, stateFolder }, use) => {
    const contexts: Awaited<ReturnType<Browser["newContext"]>>[] = [];
    await use(async (role) => {
      let file = signedIn.get(role);
      if (!file) {
        file = path.join(stateFolder, `${role}.json`);
        await signIn(browser, demo, role, file);
        signedIn.set(role, file);
      }
      const context = await browser.newContext({ baseURL: demo.url, storageState: file });
      contexts.push(context);
      return context.newPage();
    });
    for (const context of contexts) await context.close();
  },
});

export { expect };
