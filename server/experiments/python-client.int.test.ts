import { spawn } from "node:child_process";
import path from "node:path";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect } from "vitest";
import { modelVersions } from "@/db/schema/registry";
import { parseConfig } from "../config/config";
import { prebuildEnvironment } from "../executors/prebuild";
import { serveHttp } from "../testing/http";
import { test } from "../testing/world";
import { tokenOf } from "./testing/protocol";

const BUILD_LIMIT_MS = 600_000;
let python = "";

beforeAll(async () => {
  // The demonstration's own requirements, so that both share one environment in the cache.
  const config = parseConfig({
    ...process.env,
    DATABASE_URL: "unused",
    COUNTERSIGN_AUTH_SECRET: "x".repeat(32),
    COUNTERSIGN_INTERNAL_SECRET: "x".repeat(32),
  });
  const watch = { signal: AbortSignal.timeout(BUILD_LIMIT_MS), onLog: () => undefined };
  const environment = await prebuildEnvironment(config, "examples/seattle-rain/requirements.txt", watch);
  python = path.join(environment.folder, "bin", "python");
}, BUILD_LIMIT_MS);

/** Runs the script to its end; its last line of standard error is what it saw. */
async function runClient(environment: Record<string, string>): Promise<Record<string, unknown>> {
  const child = spawn(python, [path.resolve("server/experiments/testing/client.py")], {
    env: { NODE_ENV: "test", PATH: process.env.PATH, HOME: "/nonexistent", LANG: "C.UTF-8", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  const line = output.split("\n").findLast((candidate) => candidate.startsWith("{"));
  if (code !== 0 || !line) throw new Error(`The client ended with ${code}:\n${output}`);
  return { ...(JSON.parse(line) as Record<string, unknown>), output };
}

const servers: (() => Promise<void>)[] = [];
afterAll(async () => {
  await Promise.all(servers.map((close) => close()));
});

test("the stock Python client does all that it is used for", { timeout: 180_000 }, async ({ world }) => {
  const scientist = await world.member("R3");
  const server = await serveHttp(world.ctx);
  servers.push(server.close);
  const seen = await runClient({
    MLFLOW_TRACKING_URI: server.url,
    MLFLOW_TRACKING_TOKEN: await tokenOf(world, scientist),
    MLFLOW_HTTP_REQUEST_MAX_RETRIES: "0",
    MLFLOW_DISABLE_TELEMETRY: "true",
  });
  expect(seen).toMatchObject({
    status: "FINISHED",
    run_name: "patient-wren",
    params: { penalty: "l2", C: "0.5" },
    accuracy: 0.9,
    is_nan: true,
    is_infinite: true,
    history: [0, 1, 2, 3, 4].map((step) => [step, 0.5 + step / 10]),
    dataset: ["rain-days"],
    outputs: [true],
    reports: ["reports/empty.txt", "reports/sub dir"],
    downloaded: ["empty.txt", "sub dir/größe ✓.json"],
    umlaut: { ok: true },
    // The client logs the metrics of the step at which it saved the model once more, for the model.
    logged_model: ["model", "READY", { accuracy: 0.5 }],
    experiments: ["Default", "wet-day"],
    like: ["wet-day"],
    by_metric: ["patient-wren"],
    by_list: ["patient-wren"],
    by_like: ["other", "patient-wren"],
    by_tag: ["patient-wren"],
    pages: ["other", "patient-wren", null],
    frame: [2, true],
    version: ["1", "READY", true, "None"],
    alias: "1",
    versions: ["1"],
    models: [["rain", { champion: "1" }]],
    described: ["the first", "first"],
    no_alias: "INVALID_PARAMETER_VALUE",
    loaded: ["X"],
    copied: ["copy", "1"],
    deleted: "deleted",
    restored: "active",
    tag_gone: false,
    default: "0",
  });
  const form = `${world.ctx.config.url}/p/${world.project.slug}/promotions/new`;
  expect(seen.set_production).toEqual([
    "PERMISSION_DENIED",
    expect.stringContaining(`The alias production follows what is deployed. Open a promotion: ${form}?version=`),
  ]);
  expect(seen.delete_staging).toEqual(["PERMISSION_DENIED", expect.stringContaining(`${form}?environment=staging`)]);
  expect(seen.stage).toEqual(["PERMISSION_DENIED", expect.stringContaining("Open a promotion")]);
  expect(seen.changed_param).toEqual([
    "INVALID_PARAMETER_VALUE",
    expect.stringContaining("Changing param values is not allowed"),
  ]);

  const [version] = await world.db.select().from(modelVersions).where(eq(modelVersions.projectId, world.project.id));
  expect(version).toMatchObject({ version: 1, origin: "outside", registeredBy: scientist.id });
  expect(version?.onnxSha256).toMatch(/^[0-9a-f]{64}$/);
  expect(version?.signature).toMatchObject({
    columns: [
      { name: "a", type: "double" },
      { name: "b", type: "double" },
    ],
    inputs: [{ name: "X", datatype: "FP32", shape: [-1, 2] }],
  });
});
