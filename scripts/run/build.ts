import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { bundleWorkflowCode, DefaultLogger } from "@temporalio/worker";
import { build as bundle } from "esbuild";
import { tryLock } from "../system/file-lock";
import { runCommand } from "../system/run-command";
import { waitUntil } from "../system/wait-until";
import type { Report } from "./report";
import { hashSources } from "./source-hash";

const SHARED = ["domain", "server", "db/schema", "db/client.ts", "package-lock.json", "tsconfig.json"];
const OF_PAGES = [...SHARED, "app", "components", "public", "next.config.ts", "postcss.config.mjs"];
const OF_PROGRAMS = [...SHARED, "workflows", "cli", "scripts/run/build.ts"];
const BUILD_LIMIT_MS = 15 * 60_000;

/** Builds pages and programs where their sources changed since the last build. Two builds of one clone queue. */
export async function ensureBuild(root: string, report: Report): Promise<void> {
  const dist = path.join(root, "dist");
  mkdirSync(dist, { recursive: true });
  const lock = await waitForLock(path.join(dist, ".build-lock"));
  try {
    await Promise.all([
      unlessBuilt(path.join(root, ".next", "countersign-sources"), hashSources(root, OF_PAGES), () =>
        report.step("Pages built (kept until a source changes)", () => buildPages(root)),
      ),
      unlessBuilt(path.join(dist, "countersign-sources"), hashSources(root, OF_PROGRAMS), () =>
        report.step("Worker, gateway and workflows built", () => buildPrograms(root, dist)),
      ),
    ]);
  } finally {
    lock.release();
  }
}

async function unlessBuilt(stamp: string, hash: string, work: () => Promise<void>): Promise<void> {
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return;
  rmSync(stamp, { force: true });
  await work();
  writeFileSync(stamp, hash);
}

async function waitForLock(file: string): Promise<{ readonly release: () => void }> {
  let lock = tryLock(file);
  await waitUntil(
    () => {
      if (!("release" in lock)) lock = tryLock(file);
      return "release" in lock;
    },
    { withinMs: BUILD_LIMIT_MS, otherwise: "Another build of this clone has been running for 15 minutes." },
  );
  if (!("release" in lock)) throw new Error("The build's lock could not be taken.");
  return lock;
}

async function buildPages(root: string): Promise<void> {
  const next = createRequire(import.meta.url).resolve("next/dist/bin/next");
  const ran = await runCommand(process.execPath, [next, "build"], {
    cwd: root,
    env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
    timeoutMs: BUILD_LIMIT_MS,
  });
  if (ran.code !== 0) throw new Error(`The pages could not be built:\n${ran.output}`);
}

async function buildPrograms(root: string, dist: string): Promise<void> {
  await bundle({
    absWorkingDir: root,
    entryPoints: programsOf(root),
    outbase: root,
    outdir: dist,
    bundle: true,
    platform: "node",
    target: "node20.19",
    format: "esm",
    packages: "external",
    sourcemap: "linked",
    logLevel: "silent",
  });
  const { code } = await bundleWorkflowCode({
    workflowsPath: path.join(root, "workflows", "index.ts"),
    logger: new DefaultLogger("WARN"),
    webpackConfigHook: (webpack) => ({
      ...webpack,
      resolve: { ...webpack.resolve, alias: { ...webpack.resolve?.alias, "@": root } },
    }),
  });
  writeFileSync(path.join(dist, "workflows", "workflow-bundle.js"), code);
}

/** The programs of their own: the worker, and every `main.ts` or `…-main.ts` of the server. Each keeps its path below `dist`. */
function programsOf(root: string): string[] {
  const ofServer = readdirSync(path.join(root, "server"), { recursive: true, encoding: "utf8" })
    .filter((file) => /(^|[/-])main[.]ts$/.test(file))
    .map((file) => path.posix.join("server", file));
  return [...ofServer, "workflows/worker.ts"];
}
