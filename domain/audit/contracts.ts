import { z } from "zod";

/** Filters of the audit log; all narrow. `before` is the id of the last row shown (ids sort by time). */
export const listAuditFilter = z.object({
  /** A whole action (`promotions.signed`) or a domain (`promotions`). */
  action: z.string().trim().max(80).optional(),
  actorId: z.string().max(100).optional(),
  entityKind: z.string().max(60).optional(),
  entityId: z.string().max(100).optional(),
  from: z.date().optional(),
  to: z.date().optional(),
  before: z.uuid().optional(),
  limit: z.number().int().min(1).max(200).default(50),
});
export type ListAuditFilter = z.infer<typeof listAuditFilter>;

export const auditEventInput = z.object({ eventId: z.uuid() });
