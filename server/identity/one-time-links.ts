import { and, eq } from "drizzle-orm";
import type { Executor, Transaction } from "@/db/client";
import { oneTimeLinks } from "@/db/schema/identity";
import { AppError } from "@/domain/errors";
import { sha256 } from "../blobs/digest";
import type { ServiceContext } from "../context";
import { newId } from "../ids";
import { newSecret } from "./secrets";

export type LinkRow = typeof oneTimeLinks.$inferSelect;
export type LinkKind = LinkRow["kind"];
export type LinkState = "open" | "used" | "expired" | "unknown";

const PATHS = { setup: "set-up", invitation: "invitation", reset: "reset" } as const satisfies Record<LinkKind, string>;
const LIFETIME_MS = { setup: 7 * 86_400_000, invitation: 7 * 86_400_000, reset: 86_400_000 } as const satisfies Record<
  LinkKind,
  number
>;

export type NewLink = { readonly id: string; readonly url: string; readonly secret: string; readonly expiresAt: Date };
type LinkContent = Partial<Pick<LinkRow, "organisationId" | "userId" | "email" | "projectId" | "roles" | "createdBy">>;

/** A link that works once. The secret is returned here and never again. */
export async function createLink(
  ctx: ServiceContext,
  tx: Transaction,
  kind: LinkKind,
  content: LinkContent = {},
): Promise<NewLink> {
  const id = newId();
  const { secret, sha256: digest } = newSecret("csl");
  const expiresAt = new Date(ctx.clock().getTime() + LIFETIME_MS[kind]);
  await tx.insert(oneTimeLinks).values({ ...content, id, kind, sha256: digest, expiresAt, createdAt: ctx.clock() });
  return { id, url: `${ctx.config.url}/${PATHS[kind]}/${secret}`, secret, expiresAt };
}

export async function findLink(db: Executor, kind: LinkKind, secret: string): Promise<LinkRow | null> {
  const [row] = await db
    .select()
    .from(oneTimeLinks)
    .where(and(eq(oneTimeLinks.sha256, sha256(secret)), eq(oneTimeLinks.kind, kind)));
  return row ?? null;
}

export function stateOf(link: Pick<LinkRow, "usedAt" | "expiresAt"> | null, now: Date): LinkState {
  if (!link) return "unknown";
  if (link.usedAt) return "used";
  return link.expiresAt <= now ? "expired" : "open";
}

const SENTENCES = {
  used: "This link was used already. It works once.",
  expired: "This link has expired. Ask for a new one.",
  unknown: "There is no such link.",
} as const;

/**
 * Whether the link can still be taken, looked at before a password is hashed: hashing is dear, and anybody may ask.
 * Only `takeLink` decides.
 */
export async function assertOpenLink(
  ctx: Pick<ServiceContext, "db" | "clock">,
  kind: LinkKind,
  secret: string,
): Promise<LinkRow> {
  return openLink(await findLink(ctx.db, kind, secret), ctx.clock());
}

function openLink(link: LinkRow | null, now: Date): LinkRow {
  const state = stateOf(link, now);
  if (state === "open" && link) return link;
  const known = state === "open" ? "unknown" : state;
  throw new AppError(known === "unknown" ? "not_found" : "precondition_failed", `link_${known}`, SENTENCES[known]);
}

/** Takes the link for good, in the caller's transaction: of two who open it at once, one goes on. */
export async function takeLink(ctx: ServiceContext, tx: Transaction, kind: LinkKind, secret: string): Promise<LinkRow> {
  const [row] = await tx
    .select()
    .from(oneTimeLinks)
    .where(and(eq(oneTimeLinks.sha256, sha256(secret)), eq(oneTimeLinks.kind, kind)))
    .for("no key update");
  const link = openLink(row ?? null, ctx.clock());
  await tx.update(oneTimeLinks).set({ usedAt: ctx.clock() }).where(eq(oneTimeLinks.id, link.id));
  return link;
}
