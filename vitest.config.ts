import { defineConfig } from "vitest/config";

const shared = { environment: "node" as const, testTimeout: 20_000, hookTimeout: 60_000 };

/** unit: no service. integration: real Postgres. workflows: real Postgres and Temporal. */
export default defineConfig({
  resolve: { tsconfigPaths: true },
  test: {
    projects: [
      {
        extends: true,
        test: {
          ...shared,
          name: "unit",
          include: ["{domain,server,cli,db,workflows,components,scripts}/**/*.test.{ts,tsx}"],
          exclude: ["**/*.int.test.ts", "**/*.wf.test.ts"],
        },
      },
      {
        extends: true,
        test: {
          ...shared,
          name: "integration",
          include: ["{server,cli,scripts}/**/*.int.test.ts"],
          globalSetup: ["db/testing/template.ts"],
          maxWorkers: 2,
        },
      },
      {
        extends: true,
        test: {
          ...shared,
          name: "workflows",
          include: ["workflows/**/*.wf.test.ts"],
          globalSetup: ["db/testing/template.ts"],
          testTimeout: 60_000,
          maxWorkers: 1,
        },
      },
    ],
  },
});
