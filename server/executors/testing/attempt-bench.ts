import { mkdirSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { create } from "tar";
import { localBlobStore } from "../../blobs/local-store";
import { parseConfig } from "../../config/config";
import { withDuckDb } from "../../data/duckdb";
import { literal } from "../../data/sql-text";
import { newId } from "../../ids";
import { createLogger } from "../../log/log";
import type { AttemptHooks, AttemptResult, AttemptSpec, ProcessIdentity } from "../executor";
import { localProcessExecutor } from "../local-process";
import { workRoot } from "../step-account";

export type Ran = { readonly result: AttemptResult; readonly log: string; readonly identity: ProcessIdentity | null };
export type Attempt = Partial<AttemptSpec> & { readonly script?: string };

/** A data folder, a blob store and an executor for one test file; no database. */
export async function openAttemptBench(variables: Readonly<Record<string, string>> = {}) {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), "countersign-executor-"));
  const config = parseConfig({
    ...process.env,
    DATABASE_URL: "postgres://unused",
    COUNTERSIGN_DATA_DIR: dataDir,
    COUNTERSIGN_AUTH_SECRET: "test-secret-of-at-least-thirty-two-bytes",
    COUNTERSIGN_INTERNAL_SECRET: "test-secret-of-at-least-thirty-two-bytes",
    ...variables,
  });
  const blobs = localBlobStore(path.join(dataDir, "blobs"));
  const executor = localProcessExecutor({ config, blobs, log: createLogger("test", "silent") });
  const emptyBundle = await storeBundle({ "pipeline.yaml": "name: test\n" });

  /** Files of a source bundle by path. */
  async function storeBundle(files: Readonly<Record<string, string>>): Promise<string> {
    const folder = await mkdtemp(path.join(os.tmpdir(), "countersign-source-"));
    try {
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
        writeFileSync(path.join(folder, name), text);
      }
      const chunks: Uint8Array[] = [];
      for await (const chunk of create({ cwd: folder, portable: true }, Object.keys(files))) chunks.push(chunk);
      return (await blobs.put(gzipSync(Buffer.concat(chunks)))).sha256;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** A Parquet file with the numbers from 0 to `rows` − 1. */
  async function storeTable(rows: number): Promise<string> {
    const file = path.join(dataDir, `${newId()}.parquet`);
    await withDuckDb({ files: [], folders: [dataDir] }, (duck) =>
      duck.rows(`copy (select range as n from range(${rows})) to ${literal(file)} (format parquet)`),
    );
    return (await blobs.putFile(file)).sha256;
  }

  const specOf = ({ script = "true", ...rest }: Attempt): AttemptSpec => ({
    attemptId: newId(),
    runId: newId(),
    stepKey: "step",
    work: { kind: "shell", script, requirements: null },
    bundleSha256: emptyBundle,
    inputs: {},
    outputs: [],
    parameters: {},
    environment: {},
    secrets: [],
    timeoutMs: 15_000,
    ...rest,
  });

  async function run(attempt: Attempt, hooks: Partial<AttemptHooks> = {}): Promise<Ran> {
    let log = "";
    let identity: ProcessIdentity | null = null;
    const result = await executor.run(specOf(attempt), {
      signal: hooks.signal ?? new AbortController().signal,
      onLog: (text) => {
        log += text;
        hooks.onLog?.(text);
      },
      onStarted: async (started) => {
        identity = started;
        await hooks.onStarted?.(started);
      },
    });
    return { result, log, identity };
  }

  return {
    dataDir,
    config,
    blobs,
    executor,
    storeBundle,
    storeTable,
    specOf,
    run,
    close: async () => {
      await rm(await workRoot(dataDir), { recursive: true, force: true });
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export type AttemptBench = Awaited<ReturnType<typeof openAttemptBench>>;
