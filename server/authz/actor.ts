import type { TOKEN_SCOPES } from "@/db/schema/identity";

export type TokenScope = (typeof TOKEN_SCOPES)[number];

/** The token by which an actor came, where it was not a browser session. */
export type TokenUse = {
  readonly tokenId: string;
  readonly projectId: string | null;
  readonly scopes: readonly TokenScope[];
};

/** Who acts. A run is a step's attempt; the system is the product itself (a workflow, the reconciler). */
export type Actor =
  | {
      readonly kind: "person";
      readonly userId: string;
      readonly organisationId: string;
      readonly name: string;
      readonly sessionId: string | null;
      readonly token: TokenUse | null;
    }
  | {
      readonly kind: "service";
      readonly userId: string;
      readonly organisationId: string;
      readonly name: string;
      readonly token: TokenUse;
    }
  | {
      readonly kind: "run";
      readonly name: string;
      readonly projectId: string;
      readonly runId: string;
      readonly attemptId: string;
      readonly experimentRunId: string | null;
    }
  | { readonly kind: "system"; readonly name: string };

export type PersonActor = Extract<Actor, { readonly kind: "person" }>;

export function actorId(actor: Actor): string {
  if (actor.kind === "run") return actor.attemptId;
  return actor.kind === "system" ? actor.name : actor.userId;
}

/** The row in `users` that acts; null for a run and the system. */
export function userIdOf(actor: Actor): string | null {
  return actor.kind === "person" || actor.kind === "service" ? actor.userId : null;
}
