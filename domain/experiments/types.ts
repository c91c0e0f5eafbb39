/** A double as the MLflow protocol writes it: a number, or the name of one that JSON cannot hold. */
export type WireDouble = number | "NaN" | "Infinity" | "-Infinity";

/** One measured point. `timestamp` is milliseconds since the epoch; `step` may be negative. */
export type MetricPoint = { readonly value: WireDouble; readonly timestamp: number; readonly step: number };
export type LoggedModelMetric = MetricPoint;

export type KeyValue = { readonly key: string; readonly value: string };

/** A point as it arrives: values are numbers, NaN and infinities included. */
export type IncomingMetric = {
  readonly key: string;
  readonly value: number;
  readonly timestamp: number;
  readonly step: number;
  readonly modelId?: string | undefined;
};

/** What one request may add to a run. All of it is checked before any of it is written. */
export type Batch = {
  readonly metrics: readonly IncomingMetric[];
  readonly params: readonly KeyValue[];
  readonly tags: readonly KeyValue[];
};
