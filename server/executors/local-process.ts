import { constants } from "node:fs";
import { open } from "node:fs/promises";
import path from "node:path";
import { AppError } from "@/domain/errors";
import type { StepWork } from "@/domain/pipelines/types";
import type { ServiceContext } from "../context";
import { type AttemptFolder, attemptRoot, openAttemptFolder, removeAttemptFolder, sealOutputs } from "./attempt-folder";
import type { AttemptHooks, AttemptResult, AttemptSpec, Executor } from "./executor";
import { createLogLines } from "./log-lines";
import type { Account } from "./process-table";
import { type PythonEnvironment, pythonEnvironment } from "./python-environment";
import { pythonForSteps } from "./python-interpreter";
import { stepAccount, stepSearchPath, workRoot } from "./step-account";
import { stepEnvironment } from "./step-environment";
import { collectOutputs } from "./step-outputs";
import { endLeftover, runStep, type StepEnd } from "./step-process";

const GRACE_MS = 3_000;
const LARGEST_REQUIREMENTS_FILE = 1024 * 1024;

/** What the executor takes from its process. */
export type ExecutorServices = Pick<ServiceContext, "blobs" | "config" | "log">;

/**
 * Runs steps as processes of this machine. This is no sandbox: a step can read what its account can read,
 * and use the network. As root that account is `nobody`, who cannot enter the data folder.
 */
export function localProcessExecutor(ctx: ExecutorServices): Executor {
  const { dataDir } = ctx.config;
  let prepared: Promise<Place> | undefined;
  const place = () => {
    const { PATH = "" } = ctx.config.tools;
    prepared ??= Promise.all([workRoot(dataDir), stepAccount(), stepSearchPath(PATH)]).then(
      ([root, account, searchPath]) => ({ root, account, searchPath }),
    );
    prepared.catch(() => {
      prepared = undefined;
    });
    return prepared;
  };

  return {
    async run(spec, hooks) {
      try {
        hooks.signal.throwIfAborted();
        const { root, account, searchPath } = await place();
        const folder = await openAttemptFolder(spec, { workRoot: root, account, blobs: ctx.blobs });
        try {
          return await runAttempt(ctx, { spec, hooks, folder, account, searchPath });
        } finally {
          const done = folder.remove();
          if (hooks.onClearing) hooks.onClearing(done);
          else await done;
        }
      } catch (error) {
        if (hooks.signal.aborted) return failure("cancelled", null, cancelSentence(hooks.signal));
        if (error instanceof AppError) return failure("failed", null, error.message);
        throw error;
      }
    },
    async killLeftover(identity) {
      const { root, account } = await place();
      const ended = await endLeftover(identity, account);
      if (!ended) return;
      if (ended.left > 0)
        ctx.log.error({ identity, left: ended.left }, "processes of a dead attempt could not be ended");
      await removeAttemptFolder(attemptRoot(root, ended.attemptId));
    },
  };
}

type Place = { readonly root: string; readonly account: Account | null; readonly searchPath: string };
type Preparation = { readonly spec: AttemptSpec; readonly hooks: AttemptHooks; readonly folder: AttemptFolder };
type Attempt = Preparation & Omit<Place, "root">;

async function runAttempt(
  ctx: ExecutorServices,
  { spec, hooks, folder, account, searchPath }: Attempt,
): Promise<AttemptResult> {
  const environment = await prepareEnvironment(ctx, { spec, hooks, folder });
  hooks.signal.throwIfAborted();
  const log = createLogLines(spec.secrets, hooks.onLog);
  const end = await runStep(
    {
      attemptId: spec.attemptId,
      command: await commandOf(ctx, spec.work),
      environment: stepEnvironment({ spec, folder, searchPath, pythonEnvironment: environment?.folder ?? null }),
      folder: folder.source,
      account,
      timeoutMs: spec.timeoutMs,
      graceMs: GRACE_MS,
      onOutput: log.write,
    },
    hooks,
  );
  log.end();
  if (end.leftBehind > 0)
    hooks.onLog(
      `The step left ${end.leftBehind} running ${end.leftBehind === 1 ? "process" : "processes"} behind, which ${end.leftBehind === 1 ? "was" : "were"} ended.\n`,
    );
  const digest = environment?.digest ?? null;
  const refusal = refusalOf(end, spec, { hooks, lastLine: log.lastLine() });
  if (refusal) return { ...refusal, environmentDigest: digest };
  try {
    if (spec.outputs.length > 0) await sealOutputs(folder);
    const outputs = await collectOutputs(spec.outputs, folder.outputPaths, ctx.blobs);
    return { state: "succeeded", exitCode: 0, reason: null, outputs, environmentDigest: digest };
  } catch (error) {
    if (error instanceof AppError) return { ...failure("failed", 0, error.message), environmentDigest: digest };
    throw error;
  }
}

function failure(state: "failed" | "timed_out" | "cancelled", exitCode: number | null, reason: string): AttemptResult {
  return { state, exitCode, reason, outputs: {}, environmentDigest: null };
}

function cancelSentence(signal: AbortSignal): string {
  return signal.reason === "shutdown" ? "The worker was stopped while the step ran." : "The run was cancelled.";
}

const LONGEST_REASON = 300;

/** Why the step did not succeed; null when it did. */
function refusalOf(
  end: StepEnd,
  spec: AttemptSpec,
  seen: { readonly hooks: AttemptHooks; readonly lastLine: string },
): AttemptResult | null {
  if (end.endedBy === "cancel") return failure("cancelled", end.exitCode, cancelSentence(seen.hooks.signal));
  if (end.endedBy === "timeout")
    return failure(
      "timed_out",
      end.exitCode,
      `The step ran longer than its limit of ${spec.timeoutMs / 1000} s and was ended.`,
    );
  if (end.endedBy === "not_recorded")
    return failure("failed", null, "The start of the step could not be recorded, so its command was not run.");
  if (end.exitCode === 0) return null;
  const how = end.signal
    ? `was ended by the signal ${end.signal}${end.signal === "SIGKILL" ? ", as happens when memory runs out" : ""}`
    : `ended with exit code ${end.exitCode}`;
  const last = seen.lastLine.trim().slice(0, LONGEST_REASON);
  return failure("failed", end.exitCode, last === "" ? `The step ${how}.` : `The step ${how}: ${last}`);
}

async function commandOf(
  ctx: ExecutorServices,
  work: Extract<StepWork, { kind: "command" | "shell" }>,
): Promise<readonly string[]> {
  if (work.kind === "shell") return ["/bin/sh", "-eu", "-c", work.script];
  const [program = "", ...rest] = work.command;
  const isPlainPython = work.requirements === null && (program === "python3" || program === "python");
  return isPlainPython ? [(await pythonForSteps(ctx.config)).executable, ...rest] : work.command;
}

async function prepareEnvironment(
  ctx: ExecutorServices,
  { spec, hooks, folder }: Preparation,
): Promise<PythonEnvironment | null> {
  const file = spec.work.requirements;
  if (file === null) return null;
  const target = path.resolve(folder.source, file);
  if (!target.startsWith(`${folder.source}${path.sep}`))
    throw new AppError("invalid_input", "requirements", `"${file}" lies outside of the source bundle.`);
  return pythonEnvironment(
    ctx.config,
    { file, text: await readRequirements(target, file) },
    { signal: hooks.signal, onLog: hooks.onLog },
  );
}

async function readRequirements(target: string, file: string): Promise<string> {
  const handle = await open(target, constants.O_RDONLY | constants.O_NOFOLLOW).catch(() => {
    throw new AppError("invalid_input", "requirements", `The source bundle has no file "${file}".`);
  });
  try {
    const { size } = await handle.stat();
    if (size > LARGEST_REQUIREMENTS_FILE)
      throw new AppError("invalid_input", "requirements", `"${file}" is too large for a list of packages.`);
    return await handle.readFile("utf8");
  } finally {
    await handle.close();
  }
}
