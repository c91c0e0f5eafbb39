import { Client, Connection } from "@temporalio/client";
import { loadClientConnectConfig } from "@temporalio/envconfig";
import type { Config } from "../config/config";

/**
 * How to reach Temporal: address and namespace of our own configuration, with TLS, API key and headers as
 * Temporal's environment configuration reads them (`TEMPORAL_TLS…`, `TEMPORAL_API_KEY`, a profile file).
 */
export function temporalConnectionOptions(config: Pick<Config, "temporal">) {
  const { connectionOptions } = loadClientConnectConfig();
  return { ...connectionOptions, address: config.temporal.address };
}

export type TemporalClient = { readonly client: Client; readonly close: () => Promise<void> };

/** A client that connects at its first call and reconnects by itself. */
export function openTemporalClient(config: Pick<Config, "temporal">): TemporalClient {
  const connection = Connection.lazy(temporalConnectionOptions(config));
  const client = new Client({ connection, namespace: config.temporal.namespace });
  return { client, close: () => connection.close() };
}
