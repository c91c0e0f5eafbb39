import { mkdirSync } from "node:fs";
import path from "node:path";
import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

const THEMES = ["light", "dark"] as const;
/** A desk, a phone, and the narrowest screen that we promise. */
const WIDTHS = [1440, 390, 320] as const;

/** Set to keep a picture of each page in each theme and width, for the contact sheets. */
const SHOTS = process.env.COUNTERSIGN_E2E_SHOTS;

/** The page has its content: a heading, and nothing that is still loading. */
export async function ready(page: Page): Promise<void> {
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.getByRole("status", { name: /^(Loading|Laying out)/ })).toHaveCount(0);
}

/** Colours have arrived at those of the theme: half-way ones are nobody's choice. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(() =>
    Promise.allSettled(
      document
        .getAnimations()
        .filter((animation) => animation.playState === "running")
        .map((animation) => animation.finished),
    ),
  );
}

/** Looks at the open page in both themes and three widths: axe finds nothing, and the page never scrolls sideways. The tokens of a theme are the same on a phone, so axe looks at that once. */
export async function inspect(page: Page, name: string): Promise<void> {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: width > 640 ? 900 : 780 });
    for (const colorScheme of THEMES) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await ready(page);
      await settled(page);
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect.soft(overflow, `${name} scrolls sideways at ${width} px`).toBe(0);
      if (width === 1440 || (width === 390 && colorScheme === "light"))
        await expectNoViolations(page, `${name}, ${colorScheme}, ${width} px`);
      if (SHOTS) await takeShot(page, SHOTS, `${name}-${colorScheme}-${width}`);
    }
  }
}

async function expectNoViolations(page: Page, where: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .exclude("nextjs-portal")
    // No page holds a frame of somebody else, so no second tab is needed to put results together.
    .setLegacyMode()
    .analyze();
  const found = violations.flatMap((violation) =>
    violation.nodes.map(
      (node) => `${violation.id}: ${node.target.join(" ")} (${node.failureSummary ?? violation.help})`,
    ),
  );
  expect.soft(found, where).toEqual([]);
}

async function takeShot(page: Page, folder: string, name: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: true });
}

/** A file name for a pattern: "p-x-models". */
export function fileNameOf(pattern: string): string {
  return (
    pattern
      .replaceAll("*", "x")
      .replace(/[^a-z0-9]+/gi, "-")
      .replace(/^-|-$/g, "") || "home"
  );
}
