import { AppError } from "../errors";
import { keyProblem, LIMITS, truncated } from "./names";
import type { Batch, KeyValue } from "./types";

const refuse = (reason: string, message: string): never => {
  throw new AppError("invalid_input", reason, message);
};

/**
 * Checks all of a batch before any of it is written, and cuts values that are too long.
 * Throws `invalid_input` with MLflow's own sentences.
 */
export function checkedBatch(batch: Batch): Batch {
  checkSizes(batch);
  for (const [index, metric] of batch.metrics.entries()) {
    checkKey(metric.key, `metrics[${index}].name`);
    if (metric.timestamp < 0)
      refuse(
        "timestamp",
        `Invalid value ${metric.timestamp} for parameter 'metrics[${index}].timestamp' supplied: it must not be negative.`,
      );
  }
  const params = withCutValues(batch.params, { path: "params", limit: LIMITS.paramValue });
  const seen = new Map<string, string>();
  for (const param of params) {
    const earlier = seen.get(param.key);
    if (earlier !== undefined && earlier !== param.value)
      refuse(
        "duplicate_param",
        `Duplicate parameter keys have been submitted: ['${param.key}']. Please ensure the request contains only one param value per param key.`,
      );
    seen.set(param.key, param.value);
  }
  const unique = [...seen].map(([key, value]) => ({ key, value }));
  return {
    metrics: batch.metrics,
    params: unique,
    tags: withCutValues(batch.tags, { path: "tags", limit: LIMITS.runTagValue }),
  };
}

function checkSizes({ metrics, params, tags }: Batch): void {
  const limits = [
    ["metrics", metrics.length, LIMITS.metricsPerBatch],
    ["params", params.length, LIMITS.paramsPerBatch],
    ["tags", tags.length, LIMITS.tagsPerBatch],
    ["metrics, params, and tags", metrics.length + params.length + tags.length, LIMITS.itemsPerBatch],
  ] as const;
  for (const [what, count, limit] of limits) {
    if (count > limit)
      refuse(
        "batch_size",
        `A batch logging request can contain at most ${limit} ${what}. Got ${count} ${what}. Please split up ${what} across multiple requests and try again.`,
      );
  }
}

function checkKey(key: string, path: string): void {
  const problem = keyProblem(key, path);
  if (problem) refuse("key", problem);
}

function withCutValues(
  items: readonly KeyValue[],
  rule: { readonly path: string; readonly limit: number },
): readonly KeyValue[] {
  return items.map(({ key, value }, index) => {
    checkKey(key, `${rule.path}[${index}].key`);
    return { key, value: truncated(value, rule.limit) };
  });
}

export type ParamConflict = { readonly key: string; readonly old: string; readonly new: string };

/** What the client reads when a parameter was logged with another value before. */
export function paramConflictMessage(conflicts: readonly ParamConflict[], runId: string): string {
  const [only] = conflicts;
  const explained = "Changing param values is not allowed. ";
  if (conflicts.length === 1 && only) {
    return `${explained}Param with key='${only.key}' was already logged with value='${only.old}' for run ID='${runId}'. Attempted logging new value '${only.new}'.`;
  }
  const listed = conflicts.map(
    ({ key, old, new: value }) => `{'key': '${key}', 'old_value': '${old}', 'new_value': '${value}'}`,
  );
  return `${explained}Params were already logged='[${listed.join(", ")}]' for run ID='${runId}'.`;
}
