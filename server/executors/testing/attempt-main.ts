import { localBlobStore } from "../../blobs/local-store";
import { parseConfig } from "../../config/config";
import { createLogger } from "../../log/log";
import type { AttemptSpec } from "../executor";
import { localProcessExecutor } from "../local-process";

/**
 * One attempt in a process of its own, for tests that kill that process or run it as another account.
 * With `hold` the start is never recorded. Standard output gets one JSON line per event: `started`, `log`, `result`.
 */
async function main(dataDir: string, spec: AttemptSpec, gate: "open" | "hold"): Promise<void> {
  const config = parseConfig({
    ...process.env,
    DATABASE_URL: "postgres://unused",
    COUNTERSIGN_DATA_DIR: dataDir,
    COUNTERSIGN_AUTH_SECRET: "test-secret-of-at-least-thirty-two-bytes",
    COUNTERSIGN_INTERNAL_SECRET: "test-secret-of-at-least-thirty-two-bytes",
  });
  const executor = localProcessExecutor({
    config,
    blobs: localBlobStore(`${dataDir}/blobs`),
    log: createLogger("test", "silent"),
  });
  const tell = (event: string, value: unknown) => process.stdout.write(`${JSON.stringify({ event, value })}\n`);
  const result = await executor.run(spec, {
    onStarted: async (identity) => {
      tell("started", identity);
      if (gate === "hold") await new Promise((resolve) => setTimeout(resolve, 600_000));
    },
    onLog: (text) => tell("log", text),
    signal: new AbortController().signal,
  });
  tell("result", result);
}

const [, , dataDir = "", spec = "{}", gate] = process.argv;
await main(dataDir, JSON.parse(spec) as AttemptSpec, gate === "hold" ? "hold" : "open");
