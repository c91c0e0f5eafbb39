import { AppError } from "@/domain/errors";
import { EXPERIMENT_RUN_STATUSES } from "@/domain/experiments/status";
import type { ServiceContext } from "../../context";
import type { Routes } from "../../http/routes";
import { createRun } from "../create-run";
import { retireRun } from "../retire-run";
import { runById } from "../run-access";
import { updateRun } from "../update-run";
import { int64, named, repeated, required, text } from "./decoder";
import { endpoint } from "./endpoint";
import { pair, pairsOf, runIdFrom, runName } from "./run-fields";
import { runObjects } from "./run-objects";

const status = named(EXPERIMENT_RUN_STATUSES, 1);

async function runAnswer(ctx: ServiceContext, projectId: string, runId: string): Promise<{ readonly run: object }> {
  const run = await runById(ctx.db, projectId, runId);
  const [object] = await runObjects(ctx.db, [run.id]);
  if (!object) throw new AppError("not_found", "run", `Run with id=${runId} not found`);
  return { run: object };
}

export function runRoutes(routes: Routes): void {
  endpoint(routes, {
    method: "POST",
    path: "/mlflow/runs/create",
    permission: "experiments.write",
    request: { experiment_id: text, user_id: text, run_name: text, start_time: int64, tags: repeated(pair) },
    handle: async ({ ctx, scope }, request) => {
      const id = await createRun(ctx, scope, {
        experimentId: request.experiment_id || "0",
        userName: request.user_id,
        name: request.run_name,
        startMs: request.start_time,
        tags: pairsOf(request.tags),
      });
      return runAnswer(ctx, scope.projectId, id);
    },
  });
  endpoint(routes, {
    method: "GET",
    path: "/mlflow/runs/get",
    permission: "experiments.read",
    request: runName,
    handle: ({ ctx, scope }, request) => runAnswer(ctx, scope.projectId, runIdFrom(request)),
  });
  endpoint(routes, {
    method: "POST",
    path: "/mlflow/runs/update",
    permission: "experiments.write",
    request: { ...runName, status, end_time: int64, run_name: text },
    handle: async ({ ctx, scope }, request) => {
      const runId = runIdFrom(request);
      await updateRun(ctx, scope, { runId, status: request.status, endMs: request.end_time, name: request.run_name });
      const { run } = await runAnswer(ctx, scope.projectId, runId);
      return { run_info: (run as { readonly info: object }).info };
    },
  });
  for (const [path, lifecycle] of [
    ["delete", "deleted"],
    ["restore", "active"],
  ] as const) {
    endpoint(routes, {
      method: "POST",
      path: `/mlflow/runs/${path}`,
      permission: "experiments.delete",
      request: { run_id: required(text) },
      handle: async ({ ctx, scope }, request) => {
        await retireRun(ctx, scope, { runId: request.run_id, lifecycle });
        return {};
      },
    });
  }
}
