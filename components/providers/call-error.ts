/** What the interface says of a call that did not succeed. */
export type CallError = {
  /** tRPC's code, such as FORBIDDEN; null where the server was not reached. */
  readonly code: string | null;
  /** The machine reason of a refusal, such as `own_request`. */
  readonly reason: string | null;
  /** A sentence for people. */
  readonly message: string;
  readonly requestId: string | null;
  /** Sentences by field path, where the input was not valid. */
  readonly fields: Readonly<Record<string, string>>;
  readonly details: Readonly<Record<string, unknown>> | null;
};

type Issue = { readonly path: string; readonly message: string };

/** Reads the data that the server's error formatter adds; anything else becomes a plain sentence. */
export function describeError(error: unknown): CallError {
  const data = recordAt(error, "data");
  if (!data) {
    return { code: null, reason: null, message: unreachable(error), requestId: null, fields: {}, details: null };
  }
  const issues = (Array.isArray(data.issues) ? data.issues : []).filter(isIssue);
  const fields = Object.fromEntries(issues.map(({ path, message }) => [path, message]));
  const message =
    issues.length > 0 ? "Some entries need another look." : (textAt(error, "message") ?? "Something went wrong.");
  return {
    code: typeof data.code === "string" ? data.code : null,
    reason: typeof data.reason === "string" ? data.reason : null,
    message,
    requestId: typeof data.requestId === "string" ? data.requestId : null,
    fields,
    details: recordAt(data, "details"),
  };
}

function unreachable(error: unknown): string {
  const isNetwork = error instanceof TypeError || textAt(error, "name") === "TRPCClientError";
  return isNetwork
    ? "The server did not answer. Look at your connection and try again."
    : "Something went wrong on this page.";
}

function recordAt(value: unknown, key: string): Record<string, unknown> | null {
  if (typeof value !== "object" || value === null) return null;
  const inner = (value as Record<string, unknown>)[key];
  return typeof inner === "object" && inner !== null && !Array.isArray(inner)
    ? (inner as Record<string, unknown>)
    : null;
}

function textAt(value: unknown, key: string): string | null {
  if (typeof value !== "object" || value === null) return null;
  const inner = (value as Record<string, unknown>)[key];
  return typeof inner === "string" ? inner : null;
}

function isIssue(value: unknown): value is Issue {
  return textAt(value, "path") !== null && textAt(value, "message") !== null;
}
