import { bigint, index, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { createdAt, id, instant } from "./columns";

/** Append-only by trigger. `text` is the RFC 8785 text of the whole fact, `sha256` its digest. */
export const auditEvents = pgTable(
  "audit_events",
  {
    id: id(),
    organisationId: uuid("organisation_id"),
    projectId: uuid("project_id"),
    actorKind: text("actor_kind", { enum: ["person", "service", "run", "system"] }).notNull(),
    actorId: text("actor_id").notNull(),
    actorName: text("actor_name").notNull(),
    /** `<domain>.<past>`, such as `promotions.signed` or `promotions.sign_refused`. */
    action: text("action").notNull(),
    entityKind: text("entity_kind").notNull(),
    entityId: text("entity_id").notNull(),
    /** One sentence for people. */
    summary: text("summary").notNull(),
    text: text("text").notNull(),
    sha256: text("sha256").notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    index("audit_events_project_idx").on(t.projectId, t.createdAt.desc(), t.id.desc()),
    index("audit_events_organisation_idx").on(t.organisationId, t.createdAt.desc(), t.id.desc()),
    index("audit_events_entity_idx").on(t.entityKind, t.entityId),
  ],
);

/** Added by one sealer after commit: the chain over the events in commit order. `sha256` is over previous and event digest. */
export const auditSeals = pgTable("audit_seals", {
  sequence: bigint("sequence", { mode: "number" }).primaryKey(),
  eventId: uuid("event_id")
    .notNull()
    .unique("audit_seals_event_key")
    .references(() => auditEvents.id),
  previousSha256: text("previous_sha256").notNull(),
  sha256: text("sha256").notNull(),
  sealedAt: instant("sealed_at").notNull(),
});
