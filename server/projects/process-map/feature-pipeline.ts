import { sql } from "drizzle-orm";
import { artefact, type Block, notYetRecorded, RUN_WITH_CODE } from "./predicate";

const VIEW_VERSION = sql`feature_view_versions fv join feature_views w on w.id = fv.view_id`;

/** B-01 to B-15: rules, features and the store. */
export const FEATURE_PIPELINE = {
  "B-01": notYetRecorded,
  "B-02": notYetRecorded,
  // A signed version counts before a newer one that still waits.
  "B-03": (projectId) => sql`
    ${artefact({
      kind: "feature_view_version",
      id: sql`fv.id`,
      label: sql`w.name || ' v' || fv.version`,
      at: sql`fv.created_at`,
      by: sql`fv.created_by`,
      approval: sql`fv.approval_id`,
      missing: sql`case when a.state <> 'approved' then 'It waits for the signatures of a data scientist and a data engineer.' end`,
    })} from ${VIEW_VERSION} join approvals a on a.id = fv.approval_id
    where fv.project_id = ${projectId} and a.state in ('approved', 'open', 'preparing')
    order by (a.state = 'approved') desc, fv.created_at desc limit 1`,
  "B-04": (projectId) => sql`
    ${artefact({
      kind: "feature_view_version",
      id: sql`fv.id`,
      label: sql`w.name || ' v' || fv.version || ' after #' || f.number`,
      at: sql`f.done_at`,
      by: sql`f.done_by`,
      approval: sql`fv.approval_id`,
      missing: sql`case when a.state <> 'approved' then 'The new version is not signed.' end`,
    })} from feedback_items f join feature_view_versions fv on fv.id = f.resolution_id
    join feature_views w on w.id = fv.view_id join approvals a on a.id = fv.approval_id
    where f.project_id = ${projectId} and f.state = 'done' and f.resolution_kind = 'feature_view_version' and fv.version > 1
      and fv.created_at > f.created_at
    order by (a.state = 'approved') desc, f.done_at desc limit 1`,
  "B-05": (projectId) => sql`
    ${artefact({
      kind: "feature_view_version",
      id: sql`fv.id`,
      label: sql`'Impact of ' || i.change || ': ' || i.touched_count || ' touched'`,
      at: sql`i.created_at`,
      by: sql`i.created_by`,
      missing: sql`case when fv.version = 1 and i.touched_count = 0 then 'Nothing used the first version yet; a change of it tells more.' end`,
    })} from impact_reports i join feature_view_versions fv on fv.id::text = i.subject_reference
    where i.project_id = ${projectId} and i.subject_kind = 'feature_view'
    order by (fv.version > 1 or i.touched_count > 0) desc, i.created_at desc limit 1`,
  "B-06": (projectId) => sql`
    ${artefact({
      kind: "pipeline_run",
      id: sql`r.id`,
      label: sql`p.name || ' #' || r.number`,
      at: sql`r.finished_at`,
      by: sql`r.started_by`,
      missing: sql`'No review of its code by a software engineer is recorded.'`,
    })} from ${RUN_WITH_CODE}
    where r.project_id = ${projectId} and r.state = 'succeeded' and pv.kind = 'development' and b.commit is not null
    order by r.number desc limit 1`,
  "B-07": notYetRecorded,
  "B-08": (projectId) => sql`
    ${artefact({
      kind: "pipeline",
      id: sql`p.id`,
      label: sql`p.name || ' v' || pv.version || ', ' || jsonb_array_length(pv.plan -> 'steps') || ' steps'`,
      at: sql`pv.created_at`,
      by: sql`pv.created_by`,
    })} from pipeline_versions pv join pipelines p on p.id = pv.pipeline_id
    where pv.project_id = ${projectId} order by (pv.kind = 'production') desc, pv.created_at desc limit 1`,
  "B-09": notYetRecorded,
  "B-10": notYetRecorded,
  "B-11": (projectId) => sql`
    ${artefact({
      kind: "dataset_version",
      id: sql`v.id`,
      label: sql`d.name || ' v' || v.version || ', ' || v.rows || ' rows'`,
      at: sql`v.created_at`,
      by: sql`v.created_by`,
    })} from dataset_versions v join datasets d on d.id = v.dataset_id
    where v.project_id = ${projectId} and v.source_sha256 <> '' order by v.created_at desc limit 1`,
  "B-12": notYetRecorded,
  "B-13": (projectId) => sql`
    ${artefact({
      kind: "pipeline_run",
      id: sql`t.run_id`,
      label: sql`w.name || ' v' || fv.version || ' for ' || t.rows || ' rows'`,
      at: sql`t.created_at`,
    })} from training_sets t join ${VIEW_VERSION} on fv.id = t.view_version_id
    where t.project_id = ${projectId} order by t.created_at desc limit 1`,
  "B-14": (projectId) => sql`
    ${artefact({
      kind: "feature_view_version",
      id: sql`fv.id`,
      label: sql`w.name || ' v' || fv.version || ', ' || x.snapshot_rows || ' online'`,
      at: sql`x.finished_at`,
      by: sql`x.started_by`,
      missing: sql`case when (x.parity ->> 'different')::bigint > 0 then 'Online and offline values differ.' end`,
    })} from materializations x join ${VIEW_VERSION} on fv.id = x.view_version_id
    where x.project_id = ${projectId} and x.state = 'succeeded' and x.parity is not null
    order by ((x.parity ->> 'different')::bigint = 0) desc, x.finished_at desc limit 1`,
  "B-15": notYetRecorded,
} satisfies Block;
