import { z } from "zod";

const words = (length: number) => z.array(z.string().max(length)).max(60).default([]);

/** Filters of the audit log: any of the values of a field, all fields together. Pages follow by `cursor`, the last id shown. */
export const listAuditFilter = z.object({
  /** Whole actions (`promotions.signed`) or domains (`promotions`). */
  actions: words(80),
  actorIds: words(100),
  entityKind: z.string().max(60).optional(),
  entityId: z.string().max(100).optional(),
  from: z.date().optional(),
  to: z.date().optional(),
  cursor: z.uuid().nullish(),
  limit: z.number().int().min(1).max(200).default(50),
});
export type ListAuditFilter = z.infer<typeof listAuditFilter>;

export const auditEventInput = z.object({ eventId: z.uuid() });
