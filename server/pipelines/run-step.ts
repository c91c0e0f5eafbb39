import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "@/domain/errors";
import { runIdOf } from "@/domain/experiments/identifiers";
import { mayRetry } from "@/domain/pipelines/policy";
import { isRunOver } from "@/domain/pipelines/status";
import type { StepInputs } from "@/domain/pipelines/types";
import type { ServiceContext } from "../context";
import type { AttemptSpec, Executor } from "../executors/executor";
import { renewRunLease } from "../identity/run-tokens";
import { AttemptLog } from "./attempt-log";
import { type Attempt, beginAttempt, planAttempt, recordProcess } from "./begin-attempt";
import { runBuiltIn } from "./built-in-step";
import { type AttemptEnd, finishAttempt, type StepEnd } from "./finish-attempt";
import { loadStep, type StepFacts } from "./load-step";
import { isAttemptOpen, killLeftovers, retireAttempts } from "./retire-attempts";
import { runSqlStep } from "./sql-step";
import { stepInputs } from "./step-inputs";
import { countOf, failed, type WorkHooks, type WorkResult } from "./step-work";

export type StepServices = { readonly ctx: ServiceContext; readonly executor: Executor };

export type StepOrder = {
  readonly runId: string;
  readonly stepKey: string;
  readonly queuedAt: Date;
  /** Aborted with the reason `cancelled` (the run) or `shutdown` (this worker). */
  readonly signal: AbortSignal;
};

const LEASE_EVERY_MS = 3_000;
/** How long the end of a cancelled attempt's processes is waited for. */
const KILL_LIMIT_MS = 10_000;

/**
 * Makes one attempt of a step and answers what follows. Safe to deliver twice: what is over is only reported
 * again, and what a dead worker left is ended first, closed as lost, and its token refused from then on.
 */
export async function runStep(services: StepServices, order: StepOrder): Promise<StepEnd> {
  const { ctx } = services;
  const facts = await loadStep(ctx, order.runId, order.stepKey);
  const known = endOf(facts);
  if (known) {
    // Delivered again: the worker may have died after the end was written and before the files were cleared away.
    await killLeftovers(services.executor, facts.attempts.slice(-1));
    return known;
  }
  const current = await retireDead(services, facts);
  const { inputs, problem } = resolveInputs(current);
  const attempt = planAttempt(current);
  // The folder is laid out while the rows are written; the step's own code waits for them at its gate.
  const begun = beginAttempt(ctx, attempt, { facts: current, inputs, queuedAt: order.queuedAt });
  const log = new AttemptLog(ctx, attempt, begun);
  const clearing: Promise<void>[] = [];
  const result = problem
    ? { ...failed(problem), isFinal: true }
    : await work(services, current, { attempt, begun, clearing, inputs, log, order });
  await begun;
  const end = endFrom(result, order.signal);
  const [next] = await Promise.all([
    withPatience(order.signal, () => finishAttempt(ctx, { facts: current, attempt, end, log })),
    ...clearing,
  ]);
  if (next === null || end.state === "lost")
    throw new Error(
      `Attempt ${attempt.number} of ${order.stepKey} was lost: ${end.reason ?? "it was closed by another worker"}`,
    );
  return next;
}

const PATIENCE_TRIES = 30;

/** The outcome of an hour's work is not thrown away because the database restarts: about half a minute of trying. */
async function withPatience<T>(signal: AbortSignal, write: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await write();
    } catch (error) {
      if (tries >= PATIENCE_TRIES || signal.aborted || error instanceof AppError) throw error;
      await sleep(1_000);
    }
  }
}

/** Where the step stands already; null where it is to be run. */
function endOf({ run, step, planned, attempts }: StepFacts): StepEnd | null {
  if (step.state === "succeeded" || step.state === "failed" || step.state === "cancelled") return step.state;
  if (isRunOver(run.state) || run.state === "cancelling" || step.state === "skipped") return "cancelled";
  const failures = attempts.filter((attempt) => attempt.state === "failed" || attempt.state === "timed_out").length;
  return mayRetry(failures, planned.maxAttempts) ? null : "failed";
}

async function retireDead({ ctx, executor }: StepServices, facts: StepFacts): Promise<StepFacts> {
  const dead = facts.attempts.filter(isAttemptOpen);
  if (dead.length === 0) return facts;
  await killLeftovers(executor, dead);
  await ctx.db.transaction((tx) =>
    retireAttempts(ctx, tx, { attempts: dead, state: "lost", reason: "Its worker died." }),
  );
  return loadStep(ctx, facts.run.id, facts.step.key);
}

function resolveInputs(facts: StepFacts): { readonly inputs: StepInputs; readonly problem: string | null } {
  try {
    return { inputs: stepInputs(facts), problem: null };
  } catch (error) {
    if (error instanceof AppError) return { inputs: {}, problem: error.message };
    throw error;
  }
}

type Work = {
  readonly attempt: Attempt;
  /** Settled when the attempt's rows are written. */
  readonly begun: Promise<void>;
  /** Takes what goes on while the end is written: the attempt's files are cleared away. */
  readonly clearing: Promise<void>[];
  readonly inputs: StepInputs;
  readonly log: AttemptLog;
  readonly order: StepOrder;
};

async function work(services: StepServices, facts: StepFacts, given: Work): Promise<WorkResult> {
  const { ctx } = services;
  const stop = new AbortController();
  const signal = AbortSignal.any([given.order.signal, stop.signal]);
  const hooks: WorkHooks = { log: (text) => given.log.push(text), signal };
  const lease =
    given.attempt.token === null
      ? undefined
      : setInterval(() => void keepLease(ctx, given.attempt.id, stop), LEASE_EVERY_MS);
  try {
    const planned = facts.planned.work;
    if (planned.kind !== "command" && planned.kind !== "shell") await given.begun;
    if (planned.kind === "sql") return await runSqlStep(ctx, facts, planned, { inputs: given.inputs, hooks });
    if (planned.kind === "builtin") return await runBuiltIn(ctx, facts, { work: planned, inputs: given.inputs, hooks });
    return await runProcess(services, specOf(ctx, facts, given, planned), given, hooks);
  } catch (error) {
    const reason = reasonOf(ctx, error, given.attempt.id);
    hooks.log(reason);
    return { ...failed(reason), isFinal: error instanceof AppError };
  } finally {
    clearInterval(lease);
  }
}

/** A sentence for people. What a library says may hold values of the database, so it stays in the server's own log. */
function reasonOf(ctx: ServiceContext, error: unknown, attemptId: string): string {
  if (error instanceof AppError) return error.message;
  ctx.log.error({ err: error, attemptId }, "a step's work threw");
  return `Something went wrong inside the platform. Its log names attempt ${attemptId}.`;
}

/** A lease that cannot be renewed, because another worker closed the attempt, ends it. */
async function keepLease(ctx: ServiceContext, attemptId: string, stop: AbortController): Promise<void> {
  try {
    if (!(await renewRunLease(ctx, attemptId))) stop.abort("shutdown");
  } catch (error) {
    ctx.log.warn({ err: error, attemptId }, "a step's lease was not renewed");
  }
}

async function runProcess(
  { ctx, executor }: StepServices,
  spec: AttemptSpec,
  { attempt, begun, clearing }: Work,
  hooks: WorkHooks,
): Promise<WorkResult> {
  const running = executor.run(spec, {
    signal: hooks.signal,
    onLog: hooks.log,
    onClearing: (done) => clearing.push(done.catch((error: unknown) => warnOfFiles(ctx, attempt.id, error))),
    onStarted: async (process) => {
      await begun;
      await recordProcess(ctx, attempt.id, process);
    },
  });
  const result = await Promise.race([running, unconfirmedKill(hooks.signal)]);
  const rows = Object.values(result.outputs).find((output) => output.rows !== null)?.rows;
  return { ...result, summary: typeof rows === "number" ? countOf(rows, "row") : null };
}

function warnOfFiles(ctx: ServiceContext, attemptId: string, error: unknown): void {
  ctx.log.warn({ err: error, attemptId }, "files of an attempt could not be cleared away");
}

/** Answers only when a kill was asked for and not confirmed in time. */
function unconfirmedKill(signal: AbortSignal): Promise<WorkResult> {
  return new Promise((resolve) => {
    const late = { ...failed("The end of its processes was not confirmed within 10 s."), state: "cancelled" as const };
    const wait = () => setTimeout(() => resolve(late), KILL_LIMIT_MS).unref();
    if (signal.aborted) wait();
    else signal.addEventListener("abort", wait, { once: true });
  });
}

function specOf(
  ctx: ServiceContext,
  facts: StepFacts,
  { attempt, inputs }: Work,
  planned: AttemptSpec["work"],
): AttemptSpec {
  const { run, step } = facts;
  const token = attempt.token?.secret ?? "";
  const logging =
    attempt.experimentRunId === null
      ? {}
      : { MLFLOW_RUN_ID: runIdOf(attempt.experimentRunId), MLFLOW_EXPERIMENT_NAME: facts.planned.experiment ?? "" };
  return {
    attemptId: attempt.id,
    runId: run.id,
    stepKey: step.key,
    work: planned,
    bundleSha256: facts.bundle.digest,
    inputs,
    outputs: facts.planned.outputs,
    parameters: run.parameters,
    environment: {
      CS_IDEMPOTENCY_KEY: `${run.id}/${step.key}`,
      CS_RUN_ID: run.id,
      CS_RUN_NUMBER: String(run.number),
      CS_PIPELINE: facts.pipelineName,
      CS_STEP: step.key,
      CS_ATTEMPT: String(attempt.number),
      CS_PROJECT_ID: run.projectId,
      MLFLOW_TRACKING_URI: ctx.config.url,
      MLFLOW_TRACKING_TOKEN: token,
      ...logging,
    },
    secrets: [token],
    timeoutMs: facts.planned.timeoutMs,
  };
}

function endFrom(result: WorkResult, signal: AbortSignal): AttemptEnd {
  const { exitCode = null, environmentDigest = null, ...rest } = result;
  if (result.state !== "cancelled") return { ...rest, exitCode, environmentDigest };
  const isCancelled = signal.aborted && signal.reason === "cancelled";
  const reason = result.reason ?? (isCancelled ? "The run was cancelled." : "Its worker was stopped.");
  return { ...rest, exitCode, environmentDigest, reason, state: isCancelled ? "cancelled" : "lost" };
}
