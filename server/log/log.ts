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

/** One structured line per event on standard output; secrets are masked by name. */
export function createLogger(name: string, level: string): Logger {
  return pino({ name, level, redact: { paths: SECRETS, censor: "…" } });
}
