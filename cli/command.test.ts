import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { EXIT } from "./cli-error";
import { main } from "./main";
import { typedParameters } from "./parameters";
import { readSettings, settingsFile, writeSettings } from "./settings";

const home = mkdtempSync(path.join(os.tmpdir(), "countersign-home-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

type Answer = { readonly status?: number; readonly body: unknown };
const PROJECT = { id: "019a0000-0000-7000-8000-000000000001", slug: "rain", name: "Rain", roles: ["R6"] };
const projects = (list: readonly unknown[]): Answer => ({ body: { result: { data: { json: list } } } });

/** Stands in for the server: what is outside of this command. */
let server: Server;
let asked: { method: string; path: string; authorization: string | undefined; body: string }[] = [];
let answers: Record<string, Answer | ((times: number) => Answer)> = {};
let url: string;

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const at = (request.url ?? "").split("?", 1)[0] ?? "";
    asked.push({
      method: request.method ?? "",
      path: request.url ?? "",
      authorization: request.headers.authorization,
      body: await textOf(request),
    });
    const known = answers[at];
    const answer = typeof known === "function" ? known(asked.filter((one) => one.path.startsWith(at)).length) : known;
    response.writeHead(answer?.status ?? (answer ? 200 : 404), { "content-type": "application/json" });
    response.end(JSON.stringify(answer?.body ?? { message: `nothing at ${at}` }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());
beforeEach(() => {
  asked = [];
  answers = { "/api/trpc/projects.list": projects([PROJECT]) };
});

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString("latin1");
}

async function countersign(args: readonly string[], environment: Record<string, string> = {}) {
  const out: string[] = [];
  const error: string[] = [];
  const output = {
    line: (text: string) => void out.push(`${text}\n`),
    write: (text: string) => void out.push(text),
    error: (text: string) => void error.push(text),
  };
  const code = await main(
    ["node", "countersign", ...args],
    { HOME: home, COUNTERSIGN_URL: url, COUNTERSIGN_TOKEN: "cs_test", ...environment },
    output,
  );
  return { code, out: out.join(""), error: error.join("\n") };
}

describe("settings", () => {
  test("the environment wins over what was stored, which only its owner can read", () => {
    const environment = { HOME: home, XDG_CONFIG_HOME: path.join(home, "xdg") };
    const file = writeSettings(environment, { url: "http://stored.example", token: "stored", project: "kept" });
    expect(file).toBe(settingsFile(environment));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readSettings({ ...environment, COUNTERSIGN_TOKEN: "own" })).toEqual({
      url: "http://stored.example",
      token: "own",
      project: "kept",
    });
    expect(readFileSync(file, "utf8")).toContain("stored");
  });

  test("what is missing is named", async () => {
    expect(await countersign(["whoami"], { COUNTERSIGN_TOKEN: "" })).toMatchObject({
      code: EXIT.usage,
      error: expect.stringMatching(/Set COUNTERSIGN_TOKEN/),
    });
  });
});

describe("parameters", () => {
  const specs = [
    { name: "alpha", type: "number" },
    { name: "folds", type: "integer" },
    { name: "quick", type: "boolean" },
    { name: "label", type: "string" },
    { name: "day", type: "date" },
  ] as const;

  test("have the definition's types; text may hold an equals sign", () => {
    expect(typedParameters(["alpha=0.5", "folds=8", "quick=true", "label=a=b", "day=2013-01-31"], specs)).toEqual({
      alpha: 0.5,
      folds: 8,
      quick: true,
      label: "a=b",
      day: "2013-01-31",
    });
  });

  test.each(["alpha", "=1", "alpha=x", "folds=1.5", "quick=yes", "beta=1"])("%s is refused", (text) => {
    expect(() => typedParameters([text], specs)).toThrow();
  });
});

describe("commands", () => {
  test("an unknown command and an unknown option are wrong usage", async () => {
    expect((await countersign(["frobnicate"])).code).toBe(EXIT.usage);
    expect((await countersign(["run", "list", "--frob"])).code).toBe(EXIT.usage);
    expect((await countersign(["--help"])).code).toBe(EXIT.done);
  });

  test("a push sends archive, commit and dirty flag with the token", async () => {
    answers[`/api/v1/projects/${PROJECT.id}/pipelines`] = {
      status: 201,
      body: { pipelineId: PROJECT.id, name: "toy-branches", version: 3, isNew: true },
    };
    const { code, out } = await countersign(["pipeline", "push", "examples/toy-branches"]);
    expect(code).toBe(EXIT.done);
    expect(out).toMatch(/Pushed toy-branches v3 to rain \(3 files, .* KB, /);
    const [, push] = asked;
    expect(push).toMatchObject({
      method: "POST",
      authorization: "Bearer cs_test",
      path: expect.stringMatching(/pipelines\?definition=pipeline\.yaml&dirty=(true|false)(&commit=[0-9a-f]{40})?$/),
    });
    expect(push?.body.startsWith("\x1f\x8b")).toBe(true);
  });

  test("a dry run needs no server", async () => {
    const { code, out } = await countersign(["pipeline", "push", "examples/toy-branches", "--dry-run"], {
      COUNTERSIGN_URL: "http://127.0.0.1:9",
    });
    expect([code, asked.length]).toEqual([EXIT.done, 0]);
    expect(out).toMatch(/toy-branches, 6 steps.*\n {2}README\.md\n {2}pipeline\.yaml\n {2}report\.sh/);
  });

  test("a refusal is the server's sentence, of either kind of route", async () => {
    answers[`/api/v1/projects/${PROJECT.id}/pipelines`] = {
      status: 403,
      body: { error: "forbidden", message: "This needs the role DevOps engineer or ML engineer." },
    };
    expect(await countersign(["pipeline", "push", "examples/toy-branches"])).toMatchObject({
      code: EXIT.refused,
      error: "This needs the role DevOps engineer or ML engineer.",
    });
    answers["/api/trpc/projects.list"] = { status: 429, body: { error: { json: { message: "Too many calls." } } } };
    expect(await countersign(["run", "list"])).toMatchObject({ code: EXIT.refused, error: "Too many calls." });
    answers["/api/trpc/projects.list"] = { status: 401, body: { message: "x" } };
    expect((await countersign(["run", "list"])).error).toMatch(/does not take the token/);
  });

  test("a server that is not there, and one that is something else", async () => {
    expect(await countersign(["run", "list"], { COUNTERSIGN_URL: "http://127.0.0.1:9" })).toMatchObject({
      code: EXIT.unreachable,
      error: expect.stringMatching(/cannot be reached/),
    });
  });

  test("a token that reaches several projects asks which", async () => {
    answers["/api/trpc/projects.list"] = projects([
      PROJECT,
      { ...PROJECT, id: "019a0000-0000-7000-8000-000000000002", slug: "snow" },
    ]);
    expect((await countersign(["run", "list"])).error).toMatch(/Name the project.*rain, snow/);
    answers["/api/v1/projects/019a0000-0000-7000-8000-000000000002/pipeline-runs"] = { body: { runs: [] } };
    expect((await countersign(["run", "list", "--project", "snow"])).out).toBe("No runs yet.\n");
    expect((await countersign(["run", "list", "--project", "sun"])).error).toMatch(/no project sun/);
  });

  test("starting and watching shows each step once and ends as the run ended", async () => {
    const run = (state: string, step: string, reason: string | null = null) => ({
      id: PROJECT.id,
      number: 7,
      pipeline: "toy",
      version: 1,
      state,
      reason,
      startedAt: "2026-11-24T08:00:00.000Z",
      finishedAt: state === "failed" ? "2026-11-24T08:00:05.000Z" : null,
      steps: [
        {
          key: "train",
          state: step,
          reason,
          summary: null,
          startedAt: "2026-11-24T08:00:00.000Z",
          finishedAt: "2026-11-24T08:00:04.000Z",
          attempts: [{ id: PROJECT.id, number: 1, state: "running", reason: null }],
        },
      ],
    });
    answers["/api/trpc/pipelines.get"] = {
      body: { result: { data: { json: { current: { plan: { parameters: [{ name: "alpha", type: "number" }] } } } } } },
    };
    answers[`/api/v1/projects/${PROJECT.id}/pipelines/toy/runs`] = {
      status: 201,
      body: { runId: PROJECT.id, number: 7 },
    };
    answers[`/api/v1/projects/${PROJECT.id}/pipeline-runs/7`] = (times) => ({
      body: times === 1 ? run("running", "running") : run("failed", "failed", "The step ended with exit code 1."),
    });
    const { code, out } = await countersign(["run", "start", "toy", "--param", "alpha=0.5", "--watch"]);
    expect(JSON.parse(asked.find((one) => one.method === "POST")?.body ?? "{}")).toEqual({
      parameters: { alpha: 0.5 },
    });
    expect(out).toMatch(
      /Started run #7.*\n {2}train running\n {2}train failed after 4\.0 s: The step ended with exit code 1\.\nrun #7 failed after 5\.0 s/,
    );
    expect(code).toBe(EXIT.runFailed);
  });
});
