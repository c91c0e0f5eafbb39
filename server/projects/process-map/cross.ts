import { sql } from "drizzle-orm";
import { artefact, type Block, notYetRecorded } from "./predicate";

/** X-01 to X-07: what goes across all steps. */
export const CROSS = {
  "X-01": (projectId) => sql`
    ${artefact({
      kind: "review",
      id: sql`t.review_id`,
      label: sql`'Thread on ' || coalesce(nullif(t.anchor_label, ''), 'review #' || w.number) || ', ' || (
        select count(*) from review_comments c where c.thread_id = t.id
      ) || ' comments'`,
      at: sql`t.created_at`,
      by: sql`t.opened_by`,
    })} from review_threads t join reviews w on w.id = t.review_id
    where t.project_id = ${projectId} and exists (select 1 from review_comments c where c.thread_id = t.id)
    order by t.created_at desc limit 1`,
  "X-02": (projectId) => sql`
    ${artefact({
      kind: "audit_export",
      id: sql`x.id`,
      label: sql`'Audit trail, exported'`,
      at: sql`x.created_at`,
    })} from audit_events x where x.project_id = ${projectId} and x.action = 'audit.exported'
    order by x.created_at desc limit 1`,
  "X-03": notYetRecorded,
  "X-04": notYetRecorded,
  "X-05": notYetRecorded,
  "X-06": notYetRecorded,
  "X-07": notYetRecorded,
} satisfies Block;
