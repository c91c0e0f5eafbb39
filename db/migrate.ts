import { migrate } from "drizzle-orm/postgres-js/migrator";
import { connect } from "./client";

/** Applies the migrations that are missing, one process at a time (an advisory lock queues the others). */
export async function migrateDatabase(url: string, folder: string): Promise<void> {
  const connection = connect(url, { max: 1, name: "countersign-migrate" });
  try {
    await connection.sql`select pg_advisory_lock(7130417)`;
    await migrate(connection.db, { migrationsFolder: folder });
  } finally {
    await connection.close();
  }
}
