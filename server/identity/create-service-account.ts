import { memberships, users } from "@/db/schema/identity";
import type { CreateServiceAccount } from "@/domain/identity/contracts";
import { writeAudit } from "../audit/write-audit";
import { personOf, type Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { newId } from "../ids";
import { publishMembers } from "./apply-grant";

/** An account for a program, in this project alone. It proposes and executes; it never signs. */
export async function createServiceAccount(
  ctx: ServiceContext,
  scope: Scope<"identity.manage_services">,
  { name }: CreateServiceAccount,
) {
  const id = newId();
  const { userId: createdBy } = personOf(scope);
  await ctx.db.transaction(async (tx) => {
    await tx.insert(users).values({ id, organisationId: scope.organisationId, kind: "service", name });
    await tx.insert(memberships).values({ projectId: scope.projectId, userId: id, role: "SVC", grantedBy: createdBy });
    await writeAudit(tx, {
      actor: scope.actor,
      organisationId: scope.organisationId,
      projectId: scope.projectId,
      action: "identity.service_created",
      entity: { kind: "user", id },
      summary: `made the service account ${name}`,
      requestId: ctx.requestId,
      at: ctx.clock(),
    });
    await publishMembers(tx, scope.projectId, id);
  });
  return { id };
}
