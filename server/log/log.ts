import { DrizzleQueryError } from "drizzle-orm";
import pino from "pino";

export type Logger = pino.Logger;

const SECRETS = [
  "password",
  "token",
  "secret",
  "authorization",
  "cookie",
  "*.password",
  "*.token",
  "*.secret",
  "*.authorization",
  "*.cookie",
];

/** One structured line per event on standard output; secrets are masked by name, and a failed query keeps its values to itself. */
export function createLogger(name: string, level: string, stream?: pino.DestinationStream): Logger {
  const options: pino.LoggerOptions = {
    name,
    level,
    redact: { paths: SECRETS, censor: "…" },
    serializers: { err: (error: unknown) => errorOf(error, 0) },
    hooks: {
      // Without words of its own a line takes the error's message, which a failed query fills with its parameters.
      logMethod(args, method) {
        const [first, ...words] = args as unknown[];
        const error = first instanceof Error ? first : (first as { readonly err?: unknown } | undefined)?.err;
        if (words.length === 0 && error instanceof Error)
          return method.apply(this, [first as object, messageOf(error)]);
        return method.apply(this, args);
      },
    },
  };
  return stream ? pino(options, stream) : pino(options);
}

const MOST_CAUSES = 5;

/** Properties of errors that may be printed; a driver's others (`detail`, `where`, `parameters`) hold values of rows. */
const SAFE = [
  "code",
  "reason",
  "errno",
  "syscall",
  "severity",
  "table_name",
  "column_name",
  "constraint_name",
] as const;

/** An error with its causes. Of a failed query the text of the statement stays; its parameters, which may be secrets, do not. */
function errorOf(error: unknown, depth: number): unknown {
  if (!(error instanceof Error)) return error;
  const safe = Object.fromEntries(SAFE.flatMap((key) => (key in error ? [[key, Reflect.get(error, key)]] : [])));
  return {
    type: error.name,
    message: messageOf(error),
    stack: stackOf(error),
    ...safe,
    ...(error.cause !== undefined && depth < MOST_CAUSES && { cause: errorOf(error.cause, depth + 1) }),
  };
}

function messageOf(error: Error): string {
  if (!(error instanceof DrizzleQueryError)) return error.message;
  return `Failed query: ${error.query}${error.cause ? `: ${error.cause.message}` : ""}`;
}

/** A stack begins with the message, which a failed query fills with its parameters: only the frames are kept. */
function stackOf(error: Error): string {
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  return [`${error.name}: ${messageOf(error)}`, ...frames].join("\n");
}
