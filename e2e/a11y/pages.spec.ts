import { expect, test } from "../fixtures";
import { linksOn, PROJECT_SCREENS, patternOf } from "../pages/site-map";
import { fileNameOf, inspect, ready } from "./inspect";

/** Each screen once, both themes, three widths: minutes, not seconds. */
const PATIENCE_MS = 10 * 60_000;

test("every screen of a project can be reached by links, read by everybody, and fits a phone", async ({ as, demo }) => {
  test.setTimeout(PATIENCE_MS);
  const page = await as("R7");
  const seen = new Set<string>();
  const home = `/p/${demo.project}`;
  const waiting = [home, "/"];
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    const pattern = patternOf(path);
    if (seen.has(pattern)) continue;
    seen.add(pattern);
    await test.step(path, async () => {
      await page.setViewportSize({ width: 1440, height: 900 });
      const response = await page.goto(path);
      expect.soft(response?.status(), path).toBe(200);
      await ready(page);
      waiting.push(...(await linksOn(page)).filter((link) => link.startsWith(`${home}/`)));
      await inspect(page, fileNameOf(pattern));
    });
  }
  expect(PROJECT_SCREENS.filter((screen) => !seen.has(screen))).toEqual([]);
});

test("administration, a new project and what is not there", async ({ as }) => {
  test.setTimeout(PATIENCE_MS);
  const page = await as("admin");
  for (const [path, status] of [
    ["/admin", 200],
    ["/account", 200],
    ["/new-project", 200],
    ["/p/no-such-project", 404],
    ["/no-such-page", 404],
  ] as const) {
    await test.step(path, async () => {
      const response = await page.goto(path);
      expect(response?.status()).toBe(status);
      await inspect(page, fileNameOf(path));
    });
  }
});

test("the pages before the sign-in", async ({ browser, demo }) => {
  test.setTimeout(PATIENCE_MS);
  const context = await browser.newContext({ baseURL: demo.url });
  const page = await context.newPage();
  for (const path of ["/sign-in", "/invitation/not-a-real-link", "/reset/not-a-real-link", "/set-up/not-a-real-link"]) {
    await test.step(path, async () => {
      await page.goto(path);
      await inspect(page, fileNameOf(path));
    });
  }
  await context.close();
});
