import { auditEventInput, listAuditFilter } from "@/domain/audit/contracts";
import { organisationProcedure, projectProcedure, router } from "../trpc/init";
import { auditFacets, getAuditEvent, listAudit } from "./queries";
import { verifyAuditChain } from "./verify-chain";

export const auditRouter = router({
  list: projectProcedure("audit.read")
    .input(listAuditFilter)
    .query(({ ctx, input }) => listAudit(ctx, ctx.scope, input)),
  facets: projectProcedure("audit.read").query(({ ctx }) => auditFacets(ctx, ctx.scope)),
  get: projectProcedure("audit.read")
    .input(auditEventInput)
    .query(({ ctx, input }) => getAuditEvent(ctx, ctx.scope, input.eventId)),
  /** The trail of the whole organisation: administrators and auditors; others see what they did themselves. */
  listOrganisation: organisationProcedure("audit.read")
    .input(listAuditFilter)
    .query(({ ctx, input }) => listAudit(ctx, ctx.scope, input)),
  facetsOrganisation: organisationProcedure("audit.read").query(({ ctx }) => auditFacets(ctx, ctx.scope)),
  getOrganisation: organisationProcedure("audit.read")
    .input(auditEventInput)
    .query(({ ctx, input }) => getAuditEvent(ctx, ctx.scope, input.eventId)),
  /** Recomputes the chain from its first seal. */
  verify: organisationProcedure("audit.export").query(({ ctx }) => verifyAuditChain(ctx)),
});
