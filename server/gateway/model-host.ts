import { AppError } from "@/domain/errors";
import type { ModelSignature } from "@/domain/registry/types";
import { layoutOf } from "@/domain/serving/layout";
import type { Outputs, Tensor, Value } from "@/domain/serving/types";
import type { Logger } from "../log/log";
import { ModelRuntime, type RuntimeLimits, SERVING_LIMITS } from "../serving/model-runtime";
import { BatchQueue } from "./batch-queue";

/** `isSettled`: the first attempt to load is over, well or badly. */
export type HostState = { readonly isReady: boolean; readonly isSettled: boolean; readonly detail: string | null };

export type HostOptions = {
  readonly digest: string;
  readonly signature: ModelSignature;
  /** Finds the file by its digest; throws where the store does not have it. */
  readonly locate: (digest: string) => Promise<string>;
  readonly log: Logger;
  readonly onChange: () => void;
  readonly limits?: RuntimeLimits;
  /** A process is replaced after this many batches, since native memory is not all given back. */
  readonly batchesPerProcess?: number;
};

const FIRST_RETRY_MS = 200;
const LONGEST_RETRY_MS = 10_000;
const BATCHES_PER_PROCESS = 1_000_000;

/** Keeps one ONNX file answering: starts its process, starts it again when it dies, replaces it when it has served long. */
export class ModelHost {
  private runtime: ModelRuntime | null = null;
  private detail: string | null = "The model is loading.";
  private retryMs = FIRST_RETRY_MS;
  private retry: NodeJS.Timeout | null = null;
  private batches = 0;
  private isReplacing = false;
  private isClosed = false;
  private isSettled = false;
  private readonly queue: BatchQueue | null;

  constructor(private readonly options: HostOptions) {
    const layout = layoutOf(options.signature);
    if (layout.problem !== null) this.detail = layout.problem;
    this.isSettled = layout.problem !== null;
    this.queue = layout.problem === null ? new BatchQueue(layout.tensors, (tensors) => this.run(tensors)) : null;
    if (this.queue) void this.start();
  }

  get digest(): string {
    return this.options.digest;
  }

  get state(): HostState {
    return { isReady: this.runtime !== null, isSettled: this.isSettled, detail: this.detail };
  }

  predict(rows: readonly (readonly Value[])[]): Promise<Outputs> {
    return this.queue ? this.queue.predict(rows) : Promise.reject(this.notReady());
  }

  async close(): Promise<void> {
    this.isClosed = true;
    if (this.retry) clearTimeout(this.retry);
    const { runtime } = this;
    this.runtime = null;
    await runtime?.close();
  }

  private notReady(): AppError {
    return new AppError("unavailable", "model_not_ready", this.detail ?? "The model is not ready.");
  }

  private async run(tensors: readonly Tensor[]): Promise<readonly Tensor[]> {
    const { runtime } = this;
    if (!runtime) throw this.notReady();
    this.batches += 1;
    if (this.batches >= (this.options.batchesPerProcess ?? BATCHES_PER_PROCESS)) void this.replace(runtime);
    return runtime.run(tensors);
  }

  private async start(): Promise<void> {
    try {
      const file = await this.options.locate(this.options.digest);
      const runtime = await ModelRuntime.start(file, this.options.limits ?? SERVING_LIMITS);
      if (this.isClosed) return await runtime.close();
      this.adopt(runtime);
    } catch (error) {
      this.startLater(error instanceof Error ? error.message : String(error));
    }
  }

  private adopt(runtime: ModelRuntime): void {
    this.runtime = runtime;
    this.detail = null;
    this.isSettled = true;
    this.retryMs = FIRST_RETRY_MS;
    this.batches = 0;
    void runtime.ended.then((reason) => {
      if (this.runtime !== runtime) return;
      this.runtime = null;
      this.startLater(reason);
    });
    this.options.onChange();
  }

  private startLater(reason: string): void {
    if (this.isClosed) return;
    this.detail = reason;
    this.isSettled = true;
    this.options.log.warn({ digest: this.options.digest, reason, againInMs: this.retryMs }, "the model is not ready");
    this.options.onChange();
    this.retry = setTimeout(() => void this.start(), this.retryMs);
    this.retryMs = Math.min(this.retryMs * 2, LONGEST_RETRY_MS);
  }

  /** The next process is ready before the old one goes, and the old one ends after its last answers. */
  private async replace(old: ModelRuntime): Promise<void> {
    if (this.isReplacing) return;
    this.isReplacing = true;
    try {
      const next = await ModelRuntime.start(
        await this.options.locate(this.options.digest),
        this.options.limits ?? SERVING_LIMITS,
      );
      if (this.isClosed || this.runtime !== old) return await next.close();
      this.adopt(next);
      await old.drain();
    } catch (error) {
      this.batches = 0;
      this.options.log.warn({ digest: this.options.digest, err: error }, "the model's process was not replaced");
    } finally {
      this.isReplacing = false;
    }
  }
}
