import type { Page } from "@playwright/test";

/** Segments of our addresses that are words of the product; every other segment is somebody's name or number. */
const WORDS = new Set(
  "p data features feedback retraining pipelines runs experiments models promotions reviews policies new deployments audit settings account admin new-project lineage process monitors alerts".split(
    " ",
  ),
);

/** Puts a star for each name and number, so that pages of one screen have one pattern. */
export function patternOf(path: string): string {
  const segments = path.split("/").map((segment, index, all) => {
    if (segment === "") return "";
    return WORDS.has(segment) && all[index - 1] !== "p" ? segment : "*";
  });
  return segments.join("/") || "/";
}

/** Every screen of a project that people can go to. A test finds each by following links, as a person would. */
export const PROJECT_SCREENS = [
  "/",
  "/p/*",
  "/p/*/data",
  "/p/*/data/*",
  "/p/*/features",
  "/p/*/features/*",
  "/p/*/pipelines",
  "/p/*/pipelines/*",
  "/p/*/pipelines/runs/*",
  "/p/*/experiments",
  "/p/*/experiments/*",
  "/p/*/experiments/runs/*",
  "/p/*/models",
  "/p/*/models/*",
  "/p/*/models/*/*",
  "/p/*/reviews",
  "/p/*/reviews/*",
  "/p/*/promotions",
  "/p/*/promotions/*",
  "/p/*/deployments",
  "/p/*/monitors",
  "/p/*/monitors/*",
  "/p/*/monitors/alerts/*",
  "/p/*/lineage",
  "/p/*/feedback",
  "/p/*/feedback/*",
  "/p/*/feedback/retraining",
  "/p/*/audit",
  "/p/*/process",
  "/p/*/settings",
] as const;

/** Paths of the page's own links, in their order; downloads and the product's interfaces are not pages. */
export async function linksOn(page: Page): Promise<string[]> {
  const paths = await page
    .locator("a[href^='/']")
    .evaluateAll((links) => links.map((link) => new URL((link as HTMLAnchorElement).href).pathname));
  return [...new Set(paths)].filter((path) => !path.startsWith("/api/") && !path.startsWith("/_next/"));
}
