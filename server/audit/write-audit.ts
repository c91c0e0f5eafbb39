import type { Executor } from "@/db/client";
import { auditEvents } from "@/db/schema/audit";
import { type Actor, actorId } from "../authz/actor";
import { canonicalDigest } from "../blobs/digest";
import { newId } from "../ids";

export type AuditFact = {
  readonly actor: Actor;
  readonly organisationId: string | null;
  readonly projectId: string | null;
  /** `<domain>.<past>`: `promotions.signed`, `promotions.sign_refused`. */
  readonly action: string;
  readonly entity: { readonly kind: string; readonly id: string };
  /** One sentence for people, without the actor's name: "signed seattle-rain v1 for production". */
  readonly summary: string;
  /** JSON values that belong to the fact; never a secret. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly requestId: string;
  readonly at: Date;
};

/** The platform acts under its own name; which part of it stands behind. */
function nameOf(actor: Actor): string {
  if (actor.kind !== "system" || actor.name === "Countersign") return actor.name;
  return `Countersign (${actor.name})`;
}

/** Adds one immutable row, in the transaction of the change that it records. The sealer chains it afterwards. */
export async function writeAudit(db: Executor, fact: AuditFact): Promise<string> {
  const id = newId();
  const who = { kind: fact.actor.kind, id: actorId(fact.actor), name: nameOf(fact.actor) };
  const { text, digest } = canonicalDigest({
    id,
    at: fact.at.toISOString(),
    organisationId: fact.organisationId,
    projectId: fact.projectId,
    actor: who,
    action: fact.action,
    entity: fact.entity,
    summary: fact.summary,
    details: fact.details ?? {},
    requestId: fact.requestId,
  });
  await db.insert(auditEvents).values({
    id,
    organisationId: fact.organisationId,
    projectId: fact.projectId,
    actorKind: who.kind,
    actorId: who.id,
    actorName: who.name,
    action: fact.action,
    entityKind: fact.entity.kind,
    entityId: fact.entity.id,
    summary: fact.summary,
    text,
    sha256: digest,
    createdAt: fact.at,
  });
  return id;
}
