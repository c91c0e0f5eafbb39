import { defineConfig } from "@playwright/test";

const isRoot = process.getuid?.() === 0;
const chromium = process.env.CHROMIUM_PATH;

/**
 * Browser tests against servers that run already, filled by the demonstration: `npm test` starts them and
 * names its record in COUNTERSIGN_E2E_DEMO. No retries: a test that passes only sometimes has failed.
 */
export default defineConfig({
  testDir: "e2e",
  testMatch: "**/*.spec.ts",
  outputDir: "test-results/browser",
  fullyParallel: false,
  // The walk over all pages takes one; most of the others wait for runs and evaluations.
  workers: 3,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  forbidOnly: process.env.CI !== undefined,
  reporter: "list",
  use: {
    browserName: "chromium",
    locale: "en-GB",
    timezoneId: "UTC",
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    launchOptions: {
      ...(chromium ? { executablePath: chromium } : {}),
      args: ["--disable-dev-shm-usage", ...(isRoot ? ["--no-sandbox"] : [])],
    },
  },
});
