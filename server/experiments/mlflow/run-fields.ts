import { type Decoded, double, int64, message, required, text } from "./decoder";

export const pair = message({ key: required(text), value: text });
export const point = {
  key: required(text),
  value: required(double),
  timestamp: required(int64),
  step: int64,
  model_id: text,
};
/** Old clients name the run `run_uuid`. */
export const runName = { run_id: text, run_uuid: text };

export const pairsOf = (pairs: readonly { readonly key: string; readonly value: string | undefined }[]) =>
  pairs.map(({ key, value }) => ({ key, value: value ?? "" }));

export const pointOf = (read: Decoded<typeof point>) => ({
  key: read.key,
  value: read.value,
  timestamp: read.timestamp,
  step: read.step ?? 0,
  modelId: read.model_id || undefined,
});

export function runIdFrom(request: {
  readonly run_id: string | undefined;
  readonly run_uuid: string | undefined;
}): string {
  return required(text).read(request.run_id || request.run_uuid, "run_id");
}
