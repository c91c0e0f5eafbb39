import type { ArtifactType, ParameterValues, StepOutputSpec, StepOutputs, StepWork } from "@/domain/pipelines/types";

/** One attempt of a step that runs as a process: what an executor needs to start it. */
export type AttemptSpec = {
  readonly attemptId: string;
  readonly runId: string;
  readonly stepKey: string;
  readonly work: Extract<StepWork, { kind: "command" | "shell" }>;
  /** SHA-256 of the source bundle (a gzipped tar in the blob store); unpacked into the attempt's folder. */
  readonly bundleSha256: string;
  /** Input name → blob; the process finds a file by CS_INPUT_<NAME>. */
  readonly inputs: Readonly<Record<string, { readonly sha256: string; readonly type: ArtifactType | "dataset" }>>;
  /** The process writes each to the path in CS_OUTPUT_<NAME>. A missing or malformed one fails the attempt. */
  readonly outputs: readonly StepOutputSpec[];
  /** Handed over as variables CS_PARAM_<NAME>, never spliced into shell text. */
  readonly parameters: ParameterValues;
  /** CS_IDEMPOTENCY_KEY, MLFLOW_TRACKING_URI and the like; nothing of the server's own environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Values that are masked wherever they appear in the log. */
  readonly secrets: readonly string[];
  readonly timeoutMs: number;
};

/**
 * A process group on a host. `processStartedAt` tells it from a later one with the same id (for a local process:
 * boot, start of the leader, attempt); it is the executor's own text, kept and handed back as it is.
 */
export type ProcessIdentity = {
  readonly host: string;
  readonly processGroup: number;
  readonly processStartedAt: string;
};

export type AttemptHooks = {
  /** Called before the step's own code runs; when it rejects, the process is killed and the attempt fails. */
  readonly onStarted: (process: ProcessIdentity) => Promise<void>;
  /** Whole lines of output, standard output and error together, as they come. */
  readonly onLog: (text: string) => void;
  /** Takes the clearing away of the attempt's files, which the result need not wait for; without it `run` waits. */
  readonly onClearing?: (done: Promise<void>) => void;
  /** Aborted with the reason `cancelled` or `shutdown`: the group is ended (TERM, grace, KILL). */
  readonly signal: AbortSignal;
};

export type AttemptResult = {
  readonly state: "succeeded" | "failed" | "timed_out" | "cancelled";
  readonly exitCode: number | null;
  /** A sentence; null on success. */
  readonly reason: string | null;
  /** Stored in the blob store already; empty unless it succeeded. */
  readonly outputs: StepOutputs;
  readonly environmentDigest: string | null;
};

export type Executor = {
  run(spec: AttemptSpec, hooks: AttemptHooks): Promise<AttemptResult>;
  /** Ends what a dead worker left behind and waits until no process of the group is left; no effect on a group that is gone or another's. */
  killLeftover(process: ProcessIdentity): Promise<void>;
};
