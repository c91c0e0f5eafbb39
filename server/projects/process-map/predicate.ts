import { type SQL, sql } from "drizzle-orm";
import type { ItemId } from "@/domain/projects/process-map/items";

/**
 * Asks for the newest artefact of one item in a project. One row or none, with the columns kind, id, label, at, by,
 * signers and missing; `artefact()` writes them. `missing` is a sentence where something stands that is not the whole
 * of what the item asks for.
 */
export type Predicate = (projectId: string) => SQL;

/** The product keeps no record of this kind yet, so the item cannot be done here, whatever people did elsewhere. */
export const notYetRecorded = null;
export type Block = Readonly<Partial<Record<ItemId, Predicate | typeof notYetRecorded>>>;

type Columns = {
  /** What it is, in the words of audit and notifications, so that its screen is found. */
  readonly kind: string;
  readonly id: SQL;
  readonly label: SQL;
  readonly at: SQL;
  /** Id of the person who made it; the name is looked up. */
  readonly by?: SQL;
  /** Id of the approval whose signatures it carries. */
  readonly approval?: SQL;
  readonly missing?: SQL;
};

/** The select list of a predicate. */
export function artefact({ kind, id, label, at, by, approval, missing }: Columns): SQL {
  const person = by ? sql`(select name from users where users.id = ${by})` : sql`null::text`;
  const signers = approval
    ? sql`(select string_agg(u.name, ', ' order by s.signed_at) from approval_sign_offs s join users u on u.id = s.user_id
        where s.approval_id = ${approval} and s.decision = 'approved' and s.outdated_at is null)`
    : sql`null::text`;
  return sql`select ${kind}::text as kind, (${id})::text as id, (${label})::text as label, (${at})::timestamptz as at,
    ${person} as by, ${signers} as signers, (${missing ?? sql`null`})::text as missing`;
}

/** Joins a version with its model: `v` and `m`. */
export const VERSION_WITH_MODEL = sql`model_versions v join registered_models m on m.id = v.model_id`;

/** Joins a run with its pipeline, its version and its code: `r`, `p`, `pv` and `b`. */
export const RUN_WITH_CODE = sql`pipeline_runs r join pipelines p on p.id = r.pipeline_id
  join pipeline_versions pv on pv.id = r.pipeline_version_id join source_bundles b on b.id = pv.bundle_id`;
