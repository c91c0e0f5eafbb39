import { tokens } from "@/db/schema/identity";
import { AppError } from "@/domain/errors";
import type { CreateToken, CreateTokenByPassword } from "@/domain/identity/contracts";
import { writeAudit } from "../audit/write-audit";
import { type Origin, verifyCredentials } from "../auth/sign-in";
import type { Actor, PersonActor } from "../authz/actor";
import {
  accountAttempt,
  authorizeAttempt,
  authorizeOrganisationAttempt,
  sessionPersonAttempt,
} from "../authz/authorize-attempt";
import type { ServiceContext } from "../context";
import { newId } from "../ids";
import { newSecret } from "./secrets";

/** `token` is shown once; only its SHA-256 is kept. */
export type CreatedToken = {
  readonly id: string;
  readonly token: string;
  readonly hint: string;
  readonly expiresAt: Date;
};

/** A personal token for one project; for the organisation, where its owner is an administrator. */
export async function createToken(ctx: ServiceContext, actor: Actor, input: CreateToken): Promise<CreatedToken> {
  const person = await sessionPersonAttempt(ctx, actor);
  const attempt = { actor: person, permission: "identity.hold_tokens", isChange: true } as const;
  if (input.projectId) await authorizeAttempt(ctx, { ...attempt, projectId: input.projectId });
  else await assertAdministrator(ctx, person);
  const { secret, sha256, hint } = newSecret("csp");
  const now = ctx.clock();
  const expiresAt = new Date(now.getTime() + input.expiresInDays * 86_400_000);
  const id = newId();
  const scopes = [...new Set(input.scopes)];
  await ctx.db.transaction(async (tx) => {
    await tx.insert(tokens).values({
      id,
      userId: person.userId,
      projectId: input.projectId,
      name: input.name,
      hint,
      sha256,
      scopes,
      createdBy: person.userId,
      expiresAt,
      createdAt: now,
    });
    await writeAudit(tx, {
      actor: person,
      organisationId: person.organisationId,
      projectId: input.projectId,
      action: "identity.token_created",
      entity: { kind: "token", id },
      summary: `made the token ${input.name} that may ${scopes.join(", ")}`,
      details: { name: input.name, scopes, expiresAt: expiresAt.toISOString() },
      requestId: ctx.requestId,
      at: now,
    });
  });
  return { id, token: secret, hint, expiresAt };
}

async function assertAdministrator(ctx: ServiceContext, person: PersonActor): Promise<void> {
  const { roles } = await authorizeOrganisationAttempt(ctx, {
    actor: person,
    permission: "identity.hold_tokens",
    isChange: true,
  });
  if (roles.includes("ADM")) return;
  await accountAttempt(ctx, person, async () => {
    throw new AppError(
      "forbidden",
      "administrator_needed",
      "Only an administrator's token reaches the whole organisation. Name a project.",
    );
  });
}

/** The same for a program without a browser, with e-mail address and password; slowed down as a sign-in is. */
export async function createTokenByPassword(
  ctx: ServiceContext,
  input: CreateTokenByPassword,
  origin: Origin,
): Promise<CreatedToken> {
  const person = await verifyCredentials(ctx, input, origin);
  return createToken(ctx, { kind: "person", ...person, sessionId: null, token: null }, input);
}
