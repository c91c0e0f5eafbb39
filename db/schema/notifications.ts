import { sql } from "drizzle-orm";
import { bigint, index, pgTable, primaryKey, text, unique, uuid } from "drizzle-orm/pg-core";
import { createdAt, id, instant } from "./columns";
import { users } from "./identity";
import { projects } from "./projects";

/** What a page needs to hear: written in the change's transaction, streamed in order of `sequence`. */
export const events = pgTable(
  "events",
  {
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    sequence: bigint("sequence", { mode: "number" }).notNull(),
    /** `<domain>` of what changed, such as `promotions`. */
    kind: text("kind").notNull(),
    entityId: text("entity_id").notNull(),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.projectId, t.sequence] })],
);

export const notifications = pgTable(
  "notifications",
  {
    id: id(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id),
    /** `promotions.reminder` and the like. */
    kind: text("kind").notNull(),
    /** What it is about; once per person. */
    entityKind: text("entity_kind").notNull(),
    entityId: text("entity_id").notNull(),
    dedupeKey: text("dedupe_key").notNull(),
    title: text("title").notNull(),
    createdAt: createdAt(),
    readAt: instant("read_at"),
  },
  (t) => [
    unique("notifications_once").on(t.userId, t.dedupeKey),
    index("notifications_unread_idx").on(t.userId, t.createdAt).where(sql`${t.readAt} is null`),
    index("notifications_project_idx").on(t.projectId),
  ],
);
