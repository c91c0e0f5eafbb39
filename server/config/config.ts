import path from "node:path";
import { z } from "zod";

const port = z.coerce.number().int().min(0).max(65_535);
const flag = z.enum(["true", "false"]).transform((text) => text === "true");

const variables = z.object({
  NODE_ENV: z.enum(["development", "production", "test"]).default("production"),
  DATABASE_URL: z.string().min(1),
  TEMPORAL_ADDRESS: z.string().default("127.0.0.1:7233"),
  TEMPORAL_NAMESPACE: z.string().default("default"),
  COUNTERSIGN_TASK_QUEUE: z.string().default("countersign"),
  COUNTERSIGN_DATA_DIR: z.string().default(".data"),
  COUNTERSIGN_CACHE_DIR: z.string().optional(),
  COUNTERSIGN_HOST: z.string().default("127.0.0.1"),
  COUNTERSIGN_PORT: port.default(3000),
  COUNTERSIGN_URL: z.url().default("http://localhost:3000"),
  COUNTERSIGN_GATEWAY_PORT: port.default(3001),
  COUNTERSIGN_GATEWAY_URL: z.url().default("http://localhost:3001"),
  COUNTERSIGN_AUTH_SECRET: z.string().min(32),
  /** Shared by worker and gateway for the smoke test of a version that has no traffic yet. */
  COUNTERSIGN_INTERNAL_SECRET: z.string().min(32),
  COUNTERSIGN_UPLOAD_LIMIT_BYTES: z.coerce
    .number()
    .int()
    .positive()
    .default(100 * 1024 * 1024),
  COUNTERSIGN_WORKER_ROLES: z.string().default("workflow,io,cpu"),
  COUNTERSIGN_PYTHON: z.string().optional(),
  COUNTERSIGN_IS_DEVELOPMENT: flag.default(false),
  /** A reverse proxy of ours stands in front and appends the client's address to X-Forwarded-For. */
  COUNTERSIGN_IS_BEHIND_PROXY: flag.default(false),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "silent"]).default("info"),
});

export type Config = ReturnType<typeof parseConfig>;

const TOOL_VARIABLE =
  /^(PATH|PYENV_(ROOT|VERSION)|PIP_\w+|UV_\w+|(HTTPS?|ALL|NO|FTP)_PROXY|SSL_CERT_\w+|REQUESTS_CA_BUNDLE)$/i;

/** The part of an environment that a program which the server starts may see: where programs lie and how packages are found. */
function toolEnvironment(environment: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) =>
      value !== undefined && TOOL_VARIABLE.test(name) ? [[name, value]] : [],
    ),
  );
}

export type PythonConfig = Pick<Config, "dataDir" | "cacheDir" | "python" | "tools">;

/** What building a Python environment needs, from an environment that may lack everything else. */
export function parsePythonConfig(environment: Readonly<Record<string, string | undefined>>): PythonConfig {
  const env = variables
    .pick({ COUNTERSIGN_DATA_DIR: true, COUNTERSIGN_CACHE_DIR: true, COUNTERSIGN_PYTHON: true })
    .parse(environment);
  return { ...pythonConfig(env), tools: toolEnvironment(environment) };
}

function pythonConfig(env: {
  COUNTERSIGN_DATA_DIR: string;
  COUNTERSIGN_CACHE_DIR?: string | undefined;
  COUNTERSIGN_PYTHON?: string | undefined;
}) {
  const dataDir = path.resolve(env.COUNTERSIGN_DATA_DIR);
  const cacheDir = path.resolve(env.COUNTERSIGN_CACHE_DIR ?? path.join(dataDir, "cache"));
  return { dataDir, cacheDir, python: env.COUNTERSIGN_PYTHON };
}

/** Reads and checks the environment; throws one sentence that names each wrong variable. */
export function parseConfig(environment: Readonly<Record<string, string | undefined>>) {
  const parsed = variables.safeParse(environment);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
    throw new Error(`The environment is not valid. ${problems.join("; ")}.`);
  }
  const env = parsed.data;
  return {
    ...pythonConfig(env),
    tools: toolEnvironment(environment),
    isDevelopment: env.COUNTERSIGN_IS_DEVELOPMENT,
    isBehindProxy: env.COUNTERSIGN_IS_BEHIND_PROXY,
    databaseUrl: env.DATABASE_URL,
    temporal: {
      address: env.TEMPORAL_ADDRESS,
      namespace: env.TEMPORAL_NAMESPACE,
      taskQueue: env.COUNTERSIGN_TASK_QUEUE,
    },
    host: env.COUNTERSIGN_HOST,
    port: env.COUNTERSIGN_PORT,
    url: env.COUNTERSIGN_URL,
    gatewayPort: env.COUNTERSIGN_GATEWAY_PORT,
    gatewayUrl: env.COUNTERSIGN_GATEWAY_URL,
    authSecret: env.COUNTERSIGN_AUTH_SECRET,
    internalSecret: env.COUNTERSIGN_INTERNAL_SECRET,
    uploadLimitBytes: env.COUNTERSIGN_UPLOAD_LIMIT_BYTES,
    workerRoles: env.COUNTERSIGN_WORKER_ROLES.split(",").map((role) => role.trim()),
    logLevel: env.LOG_LEVEL,
  } as const;
}

let cached: Config | undefined;

/** `parsePythonConfig` of this process. */
export function ownPythonConfig(): PythonConfig {
  return parsePythonConfig(process.env);
}

/** The environment of this process, read once. The only reader of `process.env` in the server. */
export function config(): Config {
  cached ??= parseConfig(process.env);
  return cached;
}
