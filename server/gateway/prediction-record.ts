import type { FailureKind } from "@/domain/monitoring/status";
import { rowOutputs } from "@/domain/serving/tensors";
import type { Outputs, PredictionRequest, Value } from "@/domain/serving/types";
import type { DesiredDeployment } from "./desired-deployments";

export type Answer = {
  readonly requestId: string;
  readonly deployment: DesiredDeployment;
  readonly request: PredictionRequest;
  readonly outputs: Outputs;
  readonly receivedAtMs: number;
  readonly latencyMicros: number;
};

/** One line of the spool: a request with its rows. The shipper unfolds it in SQL, so names are short and stable. */
export function predictionLine(answer: Answer): string {
  const { deployment, request } = answer;
  const names = deployment.signature.columns.map((column) => column.name);
  return JSON.stringify({
    id: answer.requestId,
    p: deployment.projectId,
    m: deployment.modelId,
    v: deployment.modelVersionId,
    d: deployment.id,
    e: deployment.environment,
    c: storable(request.clientId),
    at: answer.receivedAtMs,
    us: answer.latencyMicros,
    rows: request.rows.map((row, index) => ({
      t: request.eventTimes[index],
      i: named(names, row),
      o: rowOutputs(answer.outputs, index),
    })),
  });
}

export type Failure = Pick<Answer, "requestId" | "deployment" | "receivedAtMs"> & {
  /** Known where the request could be read; else its arrival stands for it. */
  readonly eventTimeMs: number;
  readonly kind: FailureKind;
  readonly reason: string;
};

/** One line of the spool for a request that reached a deployment and got no answer: no rows, and why. */
export function failureLine(failure: Failure): string {
  const { deployment } = failure;
  return JSON.stringify({
    id: failure.requestId,
    p: deployment.projectId,
    m: deployment.modelId,
    v: deployment.modelVersionId,
    d: deployment.id,
    e: deployment.environment,
    at: failure.receivedAtMs,
    rows: [],
    x: { t: failure.eventTimeMs, k: failure.kind, r: failure.reason },
  });
}

function named(names: readonly string[], row: readonly Value[]): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  names.forEach((name, index) => {
    record[name] = storable(row[index]);
  });
  return record;
}

/** Text as Postgres can keep it: no NUL and no half of a surrogate pair. */
function storable<T>(value: T): T | string {
  return typeof value === "string" ? value.toWellFormed().replaceAll("\0", "\ufffd") : value;
}
