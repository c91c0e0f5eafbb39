import type postgres from "postgres";
import { connect, type Database } from "@/db/client";
import { localBlobStore } from "./blobs/local-store";
import type { BlobStore } from "./blobs/store";
import type { Config } from "./config/config";
import { newId } from "./ids";
import { createLogger, type Logger } from "./log/log";

/** Everything that a verb needs from outside of its arguments. One per process, narrowed per request. */
export type ServiceContext = {
  readonly db: Database;
  /** The same pool, for LISTEN, COPY and streaming. */
  readonly sql: postgres.Sql;
  readonly blobs: BlobStore;
  readonly log: Logger;
  readonly config: Config;
  /** Real time; tests pass their own. Signatures, audit rows and tokens use it. */
  readonly clock: () => Date;
  readonly requestId: string;
};

export type ProcessContext = ServiceContext & { readonly close: () => Promise<void> };

export function openContext(config: Config, process: string, poolSize = 10): ProcessContext {
  const connection = connect(config.databaseUrl, { max: poolSize, name: `countersign-${process}` });
  return {
    db: connection.db,
    sql: connection.sql,
    blobs: localBlobStore(`${config.dataDir}/blobs`),
    log: createLogger(process, config.logLevel),
    config,
    clock: () => new Date(),
    requestId: newId(),
    close: connection.close,
  };
}

/** The context of one request: the same services, a request id of its own in each log line. */
export function forRequest(context: ServiceContext, requestId: string): ServiceContext {
  return { ...context, requestId, log: context.log.child({ requestId }) };
}
