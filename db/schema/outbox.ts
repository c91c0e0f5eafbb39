import { sql } from "drizzle-orm";
import { bigserial, index, integer, jsonb, pgTable, text } from "drizzle-orm/pg-core";
import type { OutboxMessage } from "../../domain/outbox";
import { createdAt, instant } from "./columns";

/** Starts and nudges of workflows, written in the change's transaction and delivered at least once by the relay. */
export const outbox = pgTable(
  "outbox",
  {
    id: bigserial("id", { mode: "number" }).primaryKey(),
    message: jsonb("message").$type<OutboxMessage>().notNull(),
    requestId: text("request_id"),
    createdAt: createdAt(),
    attempts: integer("attempts").notNull().default(0),
    availableAt: instant("available_at").notNull().default(sql`now()`),
    lastError: text("last_error"),
    deliveredAt: instant("delivered_at"),
  },
  (t) => [
    index("outbox_waiting_idx").on(t.availableAt).where(sql`${t.deliveredAt} is null`),
    index("outbox_delivered_idx").on(t.deliveredAt).where(sql`${t.deliveredAt} is not null`),
  ],
);
