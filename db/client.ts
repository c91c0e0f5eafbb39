import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import * as schema from "./schema/index";

export type Schema = typeof schema;
export type Database = PostgresJsDatabase<Schema>;
export type Transaction = Parameters<Parameters<Database["transaction"]>[0]>[0];
/** Either: what a helper takes that runs inside or outside of a transaction. */
export type Executor = Database | Transaction;

export type Connection = { readonly db: Database; readonly sql: postgres.Sql; readonly close: () => Promise<void> };

/** Opens a pool. `max` connections are opened as they are needed; times are sent and read in UTC. */
export function connect(url: string, options: { readonly max?: number; readonly name?: string } = {}): Connection {
  const sql = postgres(url, {
    max: options.max ?? 10,
    onnotice: () => undefined,
    connection: { application_name: options.name ?? "countersign", TimeZone: "UTC" },
  });
  return { db: drizzle(sql, { schema }), sql, close: () => sql.end({ timeout: 5 }) };
}
