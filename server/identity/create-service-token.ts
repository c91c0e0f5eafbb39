import { and, eq, isNull } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { memberships, tokens, users } from "@/db/schema/identity";
import { AppError } from "@/domain/errors";
import type { CreateServiceToken } from "@/domain/identity/contracts";
import { writeAudit } from "../audit/write-audit";
import { personOf, type Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { newId } from "../ids";
import type { CreatedToken } from "./create-token";
import { newSecret } from "./secrets";

/** A token for one of the project's service accounts: any scope but signing. Shown once. */
export async function createServiceToken(
  ctx: ServiceContext,
  scope: Scope<"identity.manage_services">,
  input: CreateServiceToken,
): Promise<CreatedToken> {
  const { userId: createdBy } = personOf(scope);
  const { secret, sha256, hint } = newSecret("css");
  const now = ctx.clock();
  const expiresAt = new Date(now.getTime() + input.expiresInDays * 86_400_000);
  const id = newId();
  const scopes = [...new Set(input.scopes)];
  await ctx.db.transaction(async (tx) => {
    const service = await lockService(tx, scope.projectId, input.serviceId);
    await tx.insert(tokens).values({
      id,
      userId: service.id,
      projectId: scope.projectId,
      name: input.name,
      hint,
      sha256,
      scopes,
      createdBy,
      expiresAt,
      createdAt: now,
    });
    await writeAudit(tx, {
      actor: scope.actor,
      organisationId: scope.organisationId,
      projectId: scope.projectId,
      action: "identity.token_created",
      entity: { kind: "token", id },
      summary: `made the token ${input.name} of the service account ${service.name} that may ${scopes.join(", ")}`,
      details: { serviceId: service.id, name: input.name, scopes, expiresAt: expiresAt.toISOString() },
      requestId: ctx.requestId,
      at: now,
    });
  });
  return { id, token: secret, hint, expiresAt };
}

/** An active service account of the project, locked. */
export async function lockService(
  tx: Transaction,
  projectId: string,
  serviceId: string,
): Promise<{ readonly id: string; readonly name: string }> {
  const [service] = await tx
    .select({ id: users.id, name: users.name })
    .from(users)
    .innerJoin(
      memberships,
      and(eq(memberships.userId, users.id), eq(memberships.projectId, projectId), eq(memberships.role, "SVC")),
    )
    .where(and(eq(users.id, serviceId), eq(users.kind, "service"), isNull(users.deactivatedAt)))
    .for("no key update", { of: users });
  if (!service) throw new AppError("not_found", "service_account", "There is no such service account.");
  return service;
}
