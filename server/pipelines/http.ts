import { Readable } from "node:stream";
import type { Context } from "hono";
import { z } from "zod";
import { AppError } from "@/domain/errors";
import { artifactInput, listRunsInput, pushInput, startOverHttp } from "@/domain/pipelines/contracts";
import type { ServiceContext } from "../context";
import { limitedText } from "../http/limited-text";
import { parseInput } from "../http/parse-input";
import type { Routes } from "../http/routes";
import { uploadBody, withUpload } from "../http/upload-body";
import { findArtifact } from "./artifact-preview";
import { cancelRun } from "./cancel-run";
import { pushPipeline } from "./push-pipeline";
import { listPipelines, listRuns, pipelineIdByName, runIdByNumber } from "./queries";
import { readLog, streamLog } from "./read-log";
import { withArchive } from "./receive-archive";
import { getRun } from "./run-page";
import { rerun, startRun } from "./start-run";

const PROJECT = "/api/v1/projects/:projectId";

/** What the command line uses: push, list, start, watch, run again and cancel; logs and artifacts as downloads. */
export function pipelineRoutes(routes: Routes): void {
  routes.project("POST", `${PROJECT}/pipelines`, "pipelines.push", (c, { ctx, scope }) =>
    withUpload(c, async () => {
      const input = parseInput(pushInput, c.req.query());
      const source = uploadBody(c, ctx.config.uploadLimitBytes);
      const pushed = await withArchive(ctx, source, (archive) => pushPipeline(ctx, scope, { ...input, archive }));
      return Response.json(pushed, { status: pushed.isNew ? 201 : 200 });
    }),
  );
  routes.project("GET", `${PROJECT}/pipelines`, "pipelines.read", async (_, { ctx, scope }) =>
    Response.json(await listPipelines(ctx, scope)),
  );
  routes.project("GET", `${PROJECT}/pipeline-runs`, "pipelines.read", async (c, { ctx, scope }) => {
    const { limit, cursor, state, ...filter } = c.req.query();
    const states = state === undefined ? {} : { state: state.split(",") };
    return Response.json(
      await listRuns(ctx, scope, parseInput(listRunsInput, { ...filter, ...states, ...numbers({ limit, cursor }) })),
    );
  });
  routes.project("GET", `${PROJECT}/pipeline-runs/:run`, "pipelines.read", async (c, { ctx, scope }) =>
    Response.json(await getRun(ctx, scope, runIn(c))),
  );
  routes.project("POST", `${PROJECT}/pipelines/:name/runs`, "pipelines.run", async (c, { ctx, scope }) => {
    const pipelineId = await pipelineIdByName(ctx, scope.projectId, c.req.param("name") ?? "");
    return Response.json(await startRun(ctx, scope, { pipelineId, ...parseInput(startOverHttp, await jsonIn(c)) }), {
      status: 201,
    });
  });
  routes.project("POST", `${PROJECT}/pipeline-runs/:run/rerun`, "pipelines.run", async (c, { ctx, scope }) => {
    const { parameters } = parseInput(startOverHttp, await jsonIn(c));
    return Response.json(await rerun(ctx, scope, { runId: await runIdIn(c, ctx, scope.projectId), parameters }), {
      status: 201,
    });
  });
  routes.project("POST", `${PROJECT}/pipeline-runs/:run/cancel`, "pipelines.cancel", async (c, { ctx, scope }) =>
    Response.json(await cancelRun(ctx, scope, { runId: await runIdIn(c, ctx, scope.projectId) })),
  );
  downloads(routes);
}

function downloads(routes: Routes): void {
  routes.project("GET", `${PROJECT}/step-attempts/:attemptId/log`, "pipelines.read", async (c, { ctx, scope }) => {
    const { attemptId } = parseInput(artifactInput.pick({ attemptId: true }), c.req.param());
    return new Response(await streamLog(ctx, scope, attemptId), {
      headers: attachment(`log-${attemptId}.txt`, "text/plain; charset=utf-8"),
    });
  });
  routes.project("GET", `${PROJECT}/step-attempts/:attemptId/log-page`, "pipelines.read", async (c, { ctx, scope }) => {
    const { attemptId } = parseInput(artifactInput.pick({ attemptId: true }), c.req.param());
    return Response.json(await readLog(ctx, scope, { attemptId, cursor: c.req.query("cursor") }));
  });
  routes.project(
    "GET",
    `${PROJECT}/step-attempts/:attemptId/:side/:name`,
    "pipelines.read",
    async (c, { ctx, scope }) => {
      const at = parseInput(artifactInput, c.req.param());
      const artifact = await findArtifact(ctx, scope, at);
      const ending = { table: ".parquet", dataset: ".parquet", report: ".json", file: "" }[artifact.type];
      const body = Readable.toWeb(await ctx.blobs.stream(artifact.sha256)) as unknown as ReadableStream;
      return new Response(body, {
        headers: {
          ...attachment(`${at.name}${ending}`, "application/octet-stream"),
          "content-length": String(artifact.bytes),
        },
      });
    },
  );
}

/** Files that people made are saved, never shown: a report may hold markup. */
function attachment(name: string, type: string): Record<string, string> {
  return {
    "content-type": type,
    "content-disposition": `attachment; filename="${name}"`,
    "x-content-type-options": "nosniff",
  };
}

function numbers(texts: Readonly<Record<string, string | undefined>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(texts).flatMap(([name, text]) => (text === undefined ? [] : [[name, Number(text)]])),
  );
}

async function jsonIn(c: Context): Promise<unknown> {
  const text = await limitedText(c.req.raw);
  try {
    return text === "" ? {} : JSON.parse(text);
  } catch {
    throw new AppError("invalid_input", "json", "The body is not JSON.");
  }
}

/** A run is named by its number (`184`) or its id. */
function runIn(c: Context): { readonly number: number } | { readonly runId: string } {
  const text = c.req.param("run") ?? "";
  if (/^[1-9]\d{0,8}$/.test(text)) return { number: Number(text) };
  if (!z.uuid().safeParse(text).success) throw new AppError("not_found", "run", "There is no such run.");
  return { runId: text };
}

async function runIdIn(c: Context, ctx: ServiceContext, projectId: string): Promise<string> {
  const wanted = runIn(c);
  return "runId" in wanted ? wanted.runId : runIdByNumber(ctx, projectId, wanted.number);
}
