import { eq } from "drizzle-orm";
import { describe, expect } from "vitest";
import { gatewayInstances, gatewayReports } from "@/db/schema/deployments";
import { tokens } from "@/db/schema/identity";
import { predictions } from "@/db/schema/serving";
import { tokenFor } from "../testing/http";
import { registerFixture } from "../testing/models";
import { Deployments } from "../testing/serving";
import { test as base, World } from "../testing/world";
import { type Gateway, startGateway } from "./gateway";

type Call = (
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<{ readonly status: number; readonly body: Record<string, unknown>; readonly headers: Headers }>;
type Fixtures = {
  readonly gateway: Gateway;
  readonly model: Awaited<ReturnType<typeof registerFixture>>;
  readonly deployed: Deployments;
  readonly call: Call;
};

const ROWS = [
  [12.8, 5, 4.7, 0.02, 0.99],
  [30, 14, 2, 0.1, -0.99],
];
const matrix = (rows = ROWS) => ({
  inputs: [{ name: "x", shape: [rows.length, 5], datatype: "FP64", data: rows.flat() }],
});

const test = base.extend<Fixtures>({
  gateway: async ({ world }, use) => {
    const gateway = await startGateway(world.ctx, { host: "127.0.0.1", port: 0 });
    await use(gateway);
    await gateway.close();
  },
  model: async ({ world }, use) => use(await registerFixture(world, {})),
  deployed: async ({ world }, use) => use(new Deployments(world)),
  call: async ({ world, gateway }, use) => {
    const engineer = await world.member("R5");
    const secret = await tokenFor(world.ctx, { userId: engineer.id, projectId: world.project.id });
    await use(async (path, body, headers = {}) => {
      const response = await fetch(`${gateway.url}${path}`, {
        method: body === undefined ? "GET" : "POST",
        headers: { authorization: `Bearer ${secret}`, "content-type": "application/json", ...headers },
        ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, body: JSON.parse(text) as Record<string, unknown>, headers: response.headers };
    });
  },
});

const PATH = "/v2/models/seattle-rain";
const untilReady = (call: Call, path = `${PATH}/ready`) =>
  expect.poll(async () => (await call(path)).status, { timeout: 20_000 }).toBe(200);

test("a pending deployment is loaded, reported and answers the smoke test alone; once active it answers people", async ({
  world,
  gateway,
  model,
  deployed,
  call,
}) => {
  const id = await deployed.create(model, "pending");
  const report = () => world.db.select().from(gatewayReports).where(eq(gatewayReports.deploymentId, id));
  await expect
    .poll(report, { timeout: 20_000 })
    .toMatchObject([{ instance: gateway.instance, isReady: true, digest: model.onnxSha256, detail: null }]);
  const [instance] = await world.db
    .select()
    .from(gatewayInstances)
    .where(eq(gatewayInstances.instance, gateway.instance));
  expect(instance?.address).toBe(gateway.url);
  expect((await call(`${PATH}/infer`, matrix())).status).toBe(404);
  const smoke = `/internal/deployments/${id}/infer`;
  expect((await call(smoke, matrix())).status).toBe(401);
  const secret = world.ctx.config.internalSecret;
  expect(await call(smoke, matrix(), { "x-countersign-internal": secret })).toMatchObject({
    status: 200,
    body: {
      outputs: [
        { name: "label", shape: [2], datatype: "INT64" },
        { name: "probabilities", shape: [2, 2] },
      ],
    },
  });

  const second = await registerFixture(world, { file: "rain-other.onnx", modelId: model.modelId, version: 2 });
  const next = await deployed.create(second, "active", "staging");
  await expect
    .poll(async () => (await call(`${PATH}/versions/staging/infer`, matrix())).status, { timeout: 20_000 })
    .toBe(200);
  expect((await call(`${PATH}/infer`, matrix())).status).toBe(404);
  expect(next).not.toBe(id);
});

test("both protocols answer with names, request ids and the client's own id, and every row is logged", async ({
  world,
  model,
  deployed,
  call,
}) => {
  await deployed.create(model);
  await untilReady(call);
  const byColumn = {
    id: "mine-1",
    parameters: { event_time: ["2013-01-01", "2013-01-02T00:00:00Z"] },
    inputs: model.signature.columns.map((column, index) => ({
      name: column.name,
      shape: [2, 1],
      datatype: "FP32",
      data: ROWS.map((row) => [row[index]]),
    })),
  };
  const oip = await call(`${PATH}/infer`, byColumn);
  expect(oip).toMatchObject({ status: 200, body: { model_name: "seattle-rain", model_version: "1", id: "mine-1" } });
  const requestId = oip.headers.get("x-request-id") ?? "";
  expect(oip.body.parameters).toEqual({ request_id: requestId });
  const flat = await call(`${PATH}/infer`, matrix());
  expect(flat.body.outputs).toEqual(oip.body.outputs);
  const names = model.signature.columns.map((column) => column.name);
  const records = ROWS.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index]])));
  const forms = [
    { dataframe_split: { columns: [...names].reverse(), data: ROWS.map((row) => [...row].reverse()) } },
    { dataframe_records: records },
    { instances: ROWS },
    { inputs: Object.fromEntries(names.map((name, index) => [name, ROWS.map((row) => row[index])])) },
  ];
  for (const form of forms) {
    const answer = await call("/models/seattle-rain/invocations", {
      ...form,
      params: { event_time: 1_357_000_000_000 },
    });
    expect(answer).toMatchObject({
      status: 200,
      body: { predictions: [{ label: 1, probabilities: [expect.any(Number), expect.any(Number)] }, { label: 0 }] },
    });
  }
  await expect
    .poll(() => world.db.$count(predictions, eq(predictions.projectId, world.project.id)), { timeout: 20_000 })
    .toBe(12);
  const logged = await world.db
    .select()
    .from(predictions)
    .where(eq(predictions.requestId, requestId))
    .orderBy(predictions.row);
  expect(logged).toMatchObject([
    {
      row: 0,
      clientId: "mine-1",
      environment: "production",
      eventTime: new Date("2013-01-01"),
      inputs: records[0],
      outputs: { label: 1 },
      modelVersionId: model.id,
    },
    { row: 1, eventTime: new Date("2013-01-02"), outputs: { label: 0 } },
  ]);
});

describe("a wrong request is refused with a sentence, and is not logged", () => {
  const columns = (
    change: (inputs: { name: string; shape: number[]; datatype: string; data: unknown[] }[]) => unknown,
  ) => ({
    inputs: change(
      ["temp_max", "temp_min", "wind", "season_sin", "season_cos"].map((name) => ({
        name,
        shape: [1],
        datatype: "FP64",
        data: [1],
      })),
    ),
  });
  const wrong: readonly (readonly [string, string, unknown, number, RegExp])[] = [
    ["an unknown model", "/v2/models/snow/infer", matrix(), 404, /No model snow is deployed in production/],
    ["an unknown version", `${PATH}/versions/7/infer`, matrix(), 404, /Version 7 of seattle-rain is not in production/],
    ["a model that is not in staging", `${PATH}/versions/staging/infer`, matrix(), 404, /in staging/],
    ["a body that is not JSON", `${PATH}/infer`, "{", 400, /not JSON/],
    ["no inputs", `${PATH}/infer`, { inputs: [] }, 400, /no inputs/],
    ["a wrong width", `${PATH}/infer`, matrix([[1, 2, 3]]), 400, /5 values|asks for/],
    [
      "a shape that lies",
      `${PATH}/infer`,
      { inputs: [{ name: "x", shape: [2, 5], datatype: "FP64", data: [1] }] },
      400,
      /asks for 10/,
    ],
    [
      "an unknown datatype",
      `${PATH}/infer`,
      { inputs: [{ name: "x", shape: [1, 5], datatype: "FP7", data: [1, 2, 3, 4, 5] }] },
      400,
      /datatype of x/,
    ],
    ["a missing column", `${PATH}/infer`, columns((inputs) => inputs.slice(1)), 400, /lacks the column temp_max/],
    [
      "an unknown column",
      `${PATH}/infer`,
      columns((inputs) => inputs.map((input) => (input.name === "wind" ? { ...input, name: "windy" } : input))),
      400,
      /no column windy/,
    ],
    [
      "text where a number belongs",
      `${PATH}/infer`,
      columns((inputs) =>
        inputs.map((input) => (input.name === "wind" ? { ...input, datatype: "BYTES", data: ["x"] } : input)),
      ),
      400,
      /Row 0: wind wants a number, not "x"/,
    ],
    [
      "a missing value",
      `${PATH}/infer`,
      columns((inputs) => inputs.map((input) => (input.name === "wind" ? { ...input, data: [null] } : input))),
      400,
      /Row 0 lacks a value for wind/,
    ],
    [
      "an event time in the future",
      `${PATH}/infer`,
      { ...matrix(), parameters: { event_time: "2199-01-01" } },
      400,
      /more than 5 minutes ahead/,
    ],
    [
      "an event time that is none",
      `${PATH}/infer`,
      { ...matrix(), parameters: { event_time: "tomorrow" } },
      400,
      /ISO 8601/,
    ],
    [
      "event times of another number",
      `${PATH}/infer`,
      { ...matrix(), parameters: { event_time: ["2013-01-01"] } },
      400,
      /1 values for 2 rows/,
    ],
    [
      "two MLflow forms at once",
      "/models/seattle-rain/invocations",
      { instances: ROWS, inputs: ROWS },
      400,
      /exactly one of/,
    ],
    [
      "a record without a column",
      "/models/seattle-rain/invocations",
      { dataframe_records: [{ wind: 1 }] },
      400,
      /lacks the column temp_max/,
    ],
    ["a path that is not there", "/v2/nothing", {}, 404, /There is no POST/],
    ["a wrong method", `${PATH}/ready`, {}, 405, /POST is not for/],
    [
      "a body over the limit",
      `${PATH}/infer`,
      `{"inputs":[],"pad":"${"x".repeat(17 * 1024 * 1024)}"}`,
      413,
      /over the limit/,
    ],
  ];
  test("each of them", async ({ world, model, deployed, call }) => {
    await deployed.create(model);
    await untilReady(call);
    for (const [what, path, body, status, sentence] of wrong) {
      const answer = await call(path, body);
      expect([what, answer.status]).toEqual([what, status]);
      expect(answer.body.error, what).toMatch(sentence);
      expect(answer.headers.get("x-request-id"), what).toMatch(/^[0-9a-f-]{36}$/);
    }
    expect((await call(`${PATH}/infer`, "a,b", { "content-type": "text/csv" })).status).toBe(415);
    expect((await call(`${PATH}/infer`, matrix())).status).toBe(200);
    await expect
      .poll(() => world.db.$count(predictions, eq(predictions.projectId, world.project.id)), { timeout: 20_000 })
      .toBe(2);
  });
});

test("only a token that may predict in this project predicts; a revoked one stops within five seconds", async ({
  world,
  gateway,
  model,
  deployed,
  call,
  service,
}) => {
  await deployed.create(model);
  await untilReady(call);
  const infer = (secret: string | null) =>
    fetch(`${gateway.url}${PATH}/infer`, {
      method: "POST",
      body: JSON.stringify(matrix()),
      headers: { "content-type": "application/json", ...(secret && { authorization: `Bearer ${secret}` }) },
    });
  const secretOf = async (
    role: "R1" | "R3",
    scopes: readonly ("read" | "write" | "predict")[] = ["predict"],
    expiresAt?: Date,
  ) => {
    const member = await world.member(role);
    return tokenFor(world.ctx, {
      userId: member.id,
      projectId: world.project.id,
      scopes,
      ...(expiresAt && { expiresAt }),
    });
  };
  expect((await infer(null)).status).toBe(401);
  expect((await infer("csn_unknown")).status).toBe(401);
  expect((await infer(await secretOf("R3", ["predict"], new Date(Date.now() - 1_000)))).status).toBe(401);
  expect((await infer(await secretOf("R1"))).status).toBe(403);
  expect((await infer(await secretOf("R3", ["read", "write"]))).status).toBe(403);
  const elsewhere = await World.create(service);
  const foreigner = await elsewhere.member("R7");
  expect(
    (await infer(await tokenFor(world.ctx, { userId: foreigner.id, projectId: elsewhere.project.id }))).status,
  ).toBe(404);
  const basic = Buffer.from(`user:${await secretOf("R3")}`).toString("base64");
  expect((await fetch(`${gateway.url}${PATH}`, { headers: { authorization: `Basic ${basic}` } })).status).toBe(200);
  const secret = await secretOf("R3");
  expect((await infer(secret)).status).toBe(200);
  await world.db.update(tokens).set({ revokedAt: new Date() }).where(eq(tokens.projectId, world.project.id));
  await expect.poll(async () => (await infer(secret)).status, { timeout: 6_000 }).toBe(401);
});

test("a stop of traffic and its end show within two seconds; the reason is in the answer", async ({
  world,
  model,
  deployed,
  call,
}) => {
  await deployed.create(model);
  await untilReady(call);
  const owner = await world.member("R7");
  await deployed.setTraffic(model, true, owner.id);
  await expect.poll(async () => (await call(`${PATH}/infer`, matrix())).status, { timeout: 2_000 }).toBe(503);
  expect((await call(`${PATH}/infer`, matrix())).body).toMatchObject({
    reason: "traffic_stopped",
    error: "Traffic of seattle-rain in production is stopped: Wrong answers",
  });
  await deployed.setTraffic(model, false, owner.id);
  await expect.poll(async () => (await call(`${PATH}/infer`, matrix())).status, { timeout: 2_000 }).toBe(200);
});

test("a version takes over when it is ready, without one failed request; a version that does not load never does", async ({
  world,
  model,
  deployed,
  call,
}) => {
  const first = await deployed.create(model);
  await untilReady(call);
  const versionNow = async () => (await call(`${PATH}/infer`, matrix())).body.model_version;
  expect(await versionNow()).toBe("1");
  const second = await registerFixture(world, { file: "rain-other.onnx", modelId: model.modelId, version: 2 });
  // Activated without having been loaded before: the harder way.
  const next = await deployed.create(second, "pending", "production");
  const seen: unknown[] = [];
  await deployed.replace(first, next);
  await expect
    .poll(
      async () => {
        seen.push((await call(`${PATH}/infer`, matrix())).status);
        return versionNow();
      },
      { timeout: 20_000, interval: 20 },
    )
    .toBe("2");
  expect(new Set(seen)).toEqual(new Set([200]));

  const broken = await registerFixture(world, { modelId: model.modelId, version: 3 });
  await world.ctx.sql`update model_versions set onnx_sha256 = ${"0".repeat(64)} where id = ${broken.id}`;
  const third = await deployed.create(broken, "pending");
  await expect
    .poll(
      () =>
        world.db
          .select({ isReady: gatewayReports.isReady, detail: gatewayReports.detail })
          .from(gatewayReports)
          .where(eq(gatewayReports.deploymentId, third)),
      { timeout: 20_000 },
    )
    .toMatchObject([{ isReady: false, detail: "There is no such blob." }]);
  await deployed.replace(next, third);
  await expect
    .poll(() => world.db.$count(gatewayReports, eq(gatewayReports.deploymentId, next)), { timeout: 20_000 })
    .toBe(0);
  expect(await versionNow()).toBe("2");
});
