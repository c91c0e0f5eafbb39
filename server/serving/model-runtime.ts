import { type ChildProcess, fork } from "node:child_process";
import { AppError } from "@/domain/errors";
import type { Tensor } from "@/domain/serving/types";
import { entryPath } from "./entry-path";
import { residentBytes } from "./process-memory";
import type { FromRuntime, ToRuntime } from "./runtime-protocol";

export type RuntimeLimits = { readonly loadMs: number; readonly callMs: number; readonly memoryBytes: number };

export const SERVING_LIMITS: RuntimeLimits = { loadMs: 30_000, callMs: 10_000, memoryBytes: 2 * 1024 ** 3 };

const MEMORY_LOOK_MS = 100;

type Waiting = {
  readonly resolve: (tensors: readonly Tensor[]) => void;
  readonly reject: (error: AppError) => void;
  readonly timer: NodeJS.Timeout;
};

/**
 * One ONNX file in a child process of its own, bounded in time and memory. A call that takes too long, or a
 * process that grows too large, ends the process: every waiting call is refused (`unavailable`) and `ended` resolves.
 */
export class ModelRuntime {
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;
  private isDraining = false;
  private reason: AppError | null = null;
  private readonly watch: NodeJS.Timeout;
  /** Resolves with the reason when the process is gone. */
  readonly ended: Promise<string>;

  private constructor(
    private readonly child: ChildProcess,
    private readonly limits: RuntimeLimits,
  ) {
    this.watch = setInterval(() => void this.lookAtMemory(), MEMORY_LOOK_MS);
    this.watch.unref();
    this.ended = new Promise((resolve) => {
      child.once("exit", () => {
        clearInterval(this.watch);
        const reason = this.reason ?? new AppError("unavailable", "model_ended", "The model's process ended.");
        this.refuseAll(reason);
        resolve(reason.message);
      });
    });
    child.on("error", () => this.kill("model_ended", "The model's process could not be reached."));
    child.on("message", (message) => this.receive(fromRuntime(message)));
  }

  /** Starts the process and loads the file. Throws `invalid_input`, `model_refused` where the file does not load. */
  static async start(path: string, limits: RuntimeLimits = SERVING_LIMITS): Promise<ModelRuntime> {
    const entry = entryPath("server/serving/runtime-main");
    const child = fork(entry.file, {
      execArgv: [...entry.execArgv],
      serialization: "advanced",
      env: { NODE_ENV: "production" },
      cwd: "/",
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    const runtime = new ModelRuntime(child, limits);
    try {
      await runtime.load(path);
      return runtime;
    } catch (error) {
      await runtime.close();
      throw error;
    }
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Runs one batch. Throws `unavailable` when the process ended, `invalid_input`, `model_failed` when the model refused. */
  run(tensors: readonly Tensor[]): Promise<readonly Tensor[]> {
    if (this.reason) return Promise.reject(this.reason);
    this.lastId += 1;
    const id = this.lastId;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => this.kill("model_timeout", `The model took longer than ${this.limits.callMs / 1_000} s and was ended.`),
        this.limits.callMs,
      );
      this.waiting.set(id, { resolve, reject, timer });
      this.post({ kind: "run", id, tensors });
    });
  }

  async close(): Promise<void> {
    this.kill("model_closed", "The model was unloaded.");
    await this.ended;
  }

  /** Ends the process once every waiting call has its answer. */
  async drain(): Promise<void> {
    if (this.waiting.size === 0) return this.close();
    this.isDraining = true;
    await this.ended;
  }

  private load(path: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => this.kill("model_timeout", `The model did not load within ${this.limits.loadMs / 1_000} s.`),
        this.limits.loadMs,
      );
      this.child.once("message", (first) => {
        clearTimeout(timer);
        const message = fromRuntime(first);
        if (message.kind === "refused")
          reject(new AppError("invalid_input", "model_refused", `The model does not load. ${message.message}`));
        else resolve();
      });
      void this.ended.then((reason) => {
        clearTimeout(timer);
        reject(new AppError("unavailable", "model_ended", reason));
      });
      this.post({ kind: "load", path });
    });
  }

  private post(message: ToRuntime): void {
    this.child.send(message, (error) => {
      if (error) this.kill("model_ended", "The model's process could not be reached.");
    });
  }

  private receive(message: FromRuntime): void {
    if (message.kind !== "answer" && message.kind !== "failed") return;
    const call = this.waiting.get(message.id);
    if (!call) return;
    this.waiting.delete(message.id);
    if (this.isDraining && this.waiting.size === 0) setImmediate(() => void this.close());
    clearTimeout(call.timer);
    if (message.kind === "answer") call.resolve(message.tensors);
    else call.reject(new AppError("invalid_input", "model_failed", `The model could not answer. ${message.message}`));
  }

  private async lookAtMemory(): Promise<void> {
    const bytes = this.child.pid === undefined ? null : await residentBytes(this.child.pid);
    if (bytes !== null && bytes > this.limits.memoryBytes) {
      this.kill(
        "model_memory",
        `The model's process took more than ${Math.round(this.limits.memoryBytes / 1024 ** 2)} MB and was ended.`,
      );
    }
  }

  private kill(reason: string, message: string): void {
    this.reason ??= new AppError("unavailable", reason, message);
    if (this.child.pid === undefined) this.child.emit("exit");
    else this.child.kill("SIGKILL");
  }

  private refuseAll(error: AppError): void {
    this.reason ??= error;
    for (const call of this.waiting.values()) {
      clearTimeout(call.timer);
      call.reject(error);
    }
    this.waiting.clear();
  }
}

/** The channel carries nothing but what `runtime-main.ts` sends, which is of this type. */
function fromRuntime(message: unknown): FromRuntime {
  return message as FromRuntime;
}
