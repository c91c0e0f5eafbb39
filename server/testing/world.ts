import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { test as base } from "vitest";
import { cloneTemplate } from "@/db/testing/template";
import { parseConfig } from "../config/config";
import { openContext, type ProcessContext } from "../context";
import { newId } from "../ids";
import { World } from "./project-world";

export { type Member, World } from "./project-world";

/** A context on a clone of the template database and a data folder of its own. */
export async function openTestContext(): Promise<ProcessContext> {
  const clone = await cloneTemplate();
  const dataDir = await mkdtemp(path.join(os.tmpdir(), "countersign-test-"));
  const config = parseConfig({
    ...process.env,
    NODE_ENV: "test",
    DATABASE_URL: clone.url,
    COUNTERSIGN_DATA_DIR: dataDir,
    COUNTERSIGN_AUTH_SECRET: "test-secret-of-at-least-thirty-two-bytes",
    COUNTERSIGN_INTERNAL_SECRET: "test-secret-of-at-least-thirty-two-bytes",
    COUNTERSIGN_TASK_QUEUE: `test-${newId()}`,
    LOG_LEVEL: process.env.LOG_LEVEL ?? "silent",
  });
  const context = openContext(config, "test", 10);
  return {
    ...context,
    close: async () => {
      await context.close();
      await clone.drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

type Fixtures = { readonly service: ProcessContext; readonly world: World };

/** `world` gives each test a project; the database is shared by the tests of one file. */
export const test = base.extend<Fixtures>({
  service: [
    // biome-ignore lint/correctness/noEmptyPattern: the fixture form asks for a pattern
    async ({}, use) => {
      const context = await openTestContext();
      await use(context);
      await context.close();
    },
    { scope: "file" },
  ],
  world: async ({ service }, use) => use(await World.create(service)),
});
