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
  return { db: drizzle(prepared(sql), { schema }), sql, close: () => sql.end({ timeout: 5 }) };
}

/**
 * Drizzle asks the driver for unnamed statements, each of which costs a second round trip for its parameters' types.
 * Named ones are parsed once a connection; the driver renews connections within the hour, so texts that vary do not pile up.
 */
function prepared(sql: postgres.Sql): postgres.Sql {
  return new Proxy(sql, { get: (target, key) => preparedMember(target, key) });
}

function preparedMember(client: postgres.Sql | postgres.TransactionSql, key: string | symbol): unknown {
  if (key === "unsafe") {
    return (text: string, parameters?: never[], options?: postgres.UnsafeQueryOptions) =>
      client.unsafe(text, parameters, { ...options, prepare: (parameters?.length ?? 0) > 0 });
  }
  if (key === "begin" || key === "savepoint") {
    const open: unknown = Reflect.get(client, key);
    return (...given: unknown[]) =>
      Reflect.apply(
        open as Opener,
        client,
        given.map((part) => (isBody(part) ? inside(part) : part)),
      );
  }
  return Reflect.get(client, key);
}

type Body = (client: postgres.TransactionSql) => unknown;
type Opener = (...given: unknown[]) => unknown;

function isBody(part: unknown): part is Body {
  return typeof part === "function";
}

function inside(body: Body): Body {
  return (client) => body(new Proxy(client, { get: (target, key) => preparedMember(target, key) }));
}
