import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { writeAudit } from "./write-audit";

/** Who took the trail out of the house is part of the trail. */
export async function recordExport(ctx: ServiceContext, scope: Scope<"audit.export">): Promise<void> {
  await writeAudit(ctx.db, {
    actor: scope.actor,
    organisationId: scope.organisationId,
    projectId: scope.projectId,
    action: "audit.exported",
    entity: { kind: "project", id: scope.projectId },
    summary: "exported the audit trail of this project",
    requestId: ctx.requestId,
    at: ctx.clock(),
  });
}
