import { mkdirSync, readdirSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "@playwright/test";

/**
 * Puts the pictures of each page (COUNTERSIGN_E2E_SHOTS of the page tests) side by side, so that one look takes in both
 * themes and all widths: `npx tsx e2e/pages/contact-sheet.ts <folder>` writes `<folder>/sheets/<page>.png`.
 */
async function main(folder: string): Promise<void> {
  const pages = new Map<string, string[]>();
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".png"))) {
    const [, page = file] = /^(.*)-(?:light|dark)-\d+\.png$/.exec(file) ?? [];
    pages.set(page, [...(pages.get(page) ?? []), file]);
  }
  mkdirSync(path.join(folder, "sheets"), { recursive: true });
  const executablePath = process.env.CHROMIUM_PATH;
  const browser = await chromium.launch({
    ...(executablePath && { executablePath }),
    args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
  });
  const page = await browser.newPage({ viewport: { width: 1_600, height: 1_000 } });
  for (const [name, files] of pages) {
    const pictures = files
      .sort()
      .map(
        (file) =>
          `<img src="${pathToFileURL(path.resolve(folder, file)).href}" style="height:${file.endsWith("-1440.png") ? 620 : 480}px">`,
      );
    await page.goto(pathToFileURL(path.resolve(folder)).href);
    await page.setContent(
      `<body style="margin:8px;display:flex;flex-wrap:wrap;gap:8px;background:#888">${pictures.join("")}</body>`,
      { waitUntil: "load" },
    );
    await page.screenshot({ path: path.join(folder, "sheets", `${name}.png`), fullPage: true });
  }
  await browser.close();
}

await main(process.argv[2] ?? "test-results/pages");
