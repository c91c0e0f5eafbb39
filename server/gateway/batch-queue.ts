import { AppError } from "@/domain/errors";
import type { TensorLayout } from "@/domain/serving/layout";
import { decodeRows, encodeRows } from "@/domain/serving/tensors";
import type { Outputs, Tensor, Value } from "@/domain/serving/types";

/** Runs one batch of tensors. */
export type RunBatch = (tensors: readonly Tensor[]) => Promise<readonly Tensor[]>;

type Waiting = {
  readonly rows: readonly (readonly Value[])[];
  readonly resolve: (outputs: Outputs) => void;
  readonly reject: (error: unknown) => void;
};

const MOST_ROWS_A_BATCH = 512;
const MOST_BATCHES_AT_ONCE = 2;
const MOST_WAITING_ROWS = 50_000;

/**
 * Joins requests that arrive while the model is busy into one batch; a request to an idle model goes at once,
 * so there is no waiting time to tune.
 */
export class BatchQueue {
  private waiting: Waiting[] = [];
  private waitingRows = 0;
  private running = 0;
  private isScheduled = false;

  constructor(
    private readonly layout: readonly TensorLayout[],
    private readonly runBatch: RunBatch,
  ) {}

  /** The outputs for these rows alone. Throws `unavailable`, `busy` when too much waits. */
  predict(rows: readonly (readonly Value[])[]): Promise<Outputs> {
    if (this.waitingRows > MOST_WAITING_ROWS)
      return Promise.reject(new AppError("unavailable", "busy", "Too many predictions are waiting. Try again."));
    return new Promise((resolve, reject) => {
      this.waiting.push({ rows, resolve, reject });
      this.waitingRows += rows.length;
      this.schedule();
    });
  }

  /** At the end of the present turn of the event loop, so that requests read in one turn travel together. */
  private schedule(): void {
    if (this.isScheduled || this.running >= MOST_BATCHES_AT_ONCE) return;
    this.isScheduled = true;
    setImmediate(() => {
      this.isScheduled = false;
      this.dispatch();
    });
  }

  private dispatch(): void {
    while (this.waiting.length > 0 && this.running < MOST_BATCHES_AT_ONCE) {
      const batch = this.nextBatch();
      this.running += 1;
      void this.answer(batch).finally(() => {
        this.running -= 1;
        this.dispatch();
      });
    }
  }

  private nextBatch(): readonly Waiting[] {
    let rows = 0;
    let end = 0;
    while (
      end < this.waiting.length &&
      (end === 0 || rows + (this.waiting[end]?.rows.length ?? 0) <= MOST_ROWS_A_BATCH)
    ) {
      rows += this.waiting[end]?.rows.length ?? 0;
      end += 1;
    }
    this.waitingRows -= rows;
    return this.waiting.splice(0, end);
  }

  private async answer(batch: readonly Waiting[]): Promise<void> {
    try {
      const rows = batch.flatMap((request) => request.rows);
      const tensors = await this.runBatch(encodeRows(this.layout, rows));
      if (tensors.some((tensor) => tensor.dims[0] !== rows.length))
        throw new AppError("invalid_input", "model_failed", "The model does not give one answer per row.");
      let start = 0;
      for (const request of batch) {
        request.resolve(decodeRows(tensors, start, start + request.rows.length));
        start += request.rows.length;
      }
    } catch (error) {
      await this.refuse(batch, error);
    }
  }

  /** A row that the model refuses must not fail its neighbours: they are asked again, each alone. */
  private async refuse(batch: readonly Waiting[], error: unknown): Promise<void> {
    const isOfOneRow = error instanceof AppError && error.code === "invalid_input";
    if (batch.length > 1 && isOfOneRow) for (const request of batch) await this.answer([request]);
    else for (const request of batch) request.reject(error);
  }
}
