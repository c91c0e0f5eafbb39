import { sql } from "drizzle-orm";
import { artefact, type Block, notYetRecorded, VERSION_WITH_MODEL } from "./predicate";

const PRODUCTION_RUN = sql`pipeline_runs r join pipelines p on p.id = r.pipeline_id
  join pipeline_versions pv on pv.id = r.pipeline_version_id and pv.kind = 'production'`;

/** D-01 to D-12 and D-17: the automated way from features to traffic. */
export const DEPLOYMENT = {
  "D-01": notYetRecorded,
  "D-02": (projectId) => sql`
    ${artefact({
      kind: "pipeline_run",
      id: sql`t.run_id`,
      label: sql`k.key || ', ' || round(extract(epoch from t.finished_at - t.started_at)::numeric, 1) || ' s'`,
      at: sql`t.finished_at`,
    })} from step_attempts t join pipeline_run_steps k on k.id = t.step_id
    where t.project_id = ${projectId} and t.state = 'succeeded' and t.environment_digest is not null
      and t.log_sha256 is not null and t.started_at is not null and t.finished_at is not null
    order by t.finished_at desc limit 1`,
  "D-03": (projectId) => sql`
    ${artefact({
      kind: "pipeline_run",
      id: sql`t.run_id`,
      label: sql`w.name || ' v' || fv.version || ', ' || t.unmatched_rows || ' of ' || t.rows || ' without a value'`,
      at: sql`t.created_at`,
    })} from training_sets t join feature_view_versions fv on fv.id = t.view_version_id
    join feature_views w on w.id = fv.view_id join approvals a on a.id = fv.approval_id
    join ${PRODUCTION_RUN} on r.id = t.run_id
    where t.project_id = ${projectId} and a.state = 'approved' order by t.created_at desc limit 1`,
  "D-04": (projectId) => sql`
    ${artefact({
      kind: "pipeline_run",
      id: sql`r.id`,
      label: sql`p.name || ' #' || r.number || ', ' || s.training_rows || ' to train, ' || s.holdout_rows || ' held out'`,
      at: sql`s.created_at`,
      missing: sql`case when s.shared_rows > 0 then s.shared_rows || ' rows stand on both sides.' end`,
    })} from split_manifests s join ${PRODUCTION_RUN} on r.id = s.run_id
    where s.project_id = ${projectId}
      and exists (select 1 from validation_reports q where q.run_id = r.id and q.has_passed)
    order by (s.shared_rows = 0) desc, s.created_at desc limit 1`,
  "D-05": (projectId) => sql`
    ${artefact({
      kind: "experiment_run",
      id: sql`e.id`,
      label: sql`l.name || ' of ' || e.name`,
      at: sql`to_timestamp(l.created_ms / 1000.0)`,
    })} from logged_models l join experiment_runs e on e.id = l.source_run_id
    join ${PRODUCTION_RUN} on r.id = e.pipeline_run_id
    where l.project_id = ${projectId} and l.status = 'LOGGED_MODEL_READY' and l.deleted_ms is null
      and e.lifecycle = 'active' and e.status = 'FINISHED' order by l.created_ms desc limit 1`,
  "D-06": (projectId) => sql`
    ${artefact({
      kind: "model_version",
      id: sql`v.id`,
      label: sql`m.name || ' v' || v.version || ' on ' || d.name || ' v' || dv.version`,
      at: sql`x.created_at`,
    })} from model_evaluations x join ${VERSION_WITH_MODEL} on v.id = x.model_version_id
    join dataset_versions dv on dv.id = x.dataset_version_id join datasets d on d.id = dv.dataset_id
    where x.project_id = ${projectId} and v.origin = 'production' order by x.created_at desc limit 1`,
  "D-07": (projectId) => sql`
    ${artefact({
      kind: "model_version",
      id: sql`v.id`,
      label: sql`m.name || ' v' || v.version`,
      at: sql`v.created_at`,
      by: sql`v.registered_by`,
    })} from ${VERSION_WITH_MODEL}
    where v.project_id = ${projectId} and v.deleted_at is null and v.origin = 'production' and v.onnx_sha256 is not null
      and v.pipeline_run_id is not null order by v.created_at desc limit 1`,
  "D-08": (projectId) => sql`
    ${artefact({
      kind: "experiment_run",
      id: sql`e.id`,
      label: sql`e.name || ', ' || (select count(*) from run_params y where y.run_id = e.id) || ' parameters, '
        || (select count(*) from latest_metrics y where y.run_id = e.id) || ' metrics'`,
      at: sql`to_timestamp(e.end_ms / 1000.0)`,
    })} from ${VERSION_WITH_MODEL} join experiment_runs e on e.id = v.experiment_run_id
    where v.project_id = ${projectId} and v.deleted_at is null and v.pipeline_run_id is not null and e.end_ms is not null
      and exists (select 1 from run_params y where y.run_id = e.id)
      and exists (select 1 from latest_metrics y where y.run_id = e.id)
    order by v.created_at desc limit 1`,
  "D-09": (projectId) => sql`
    ${artefact({
      kind: "model_version",
      id: sql`v.id`,
      label: sql`m.name || ' v' || v.version || ' from data and code'`,
      at: sql`v.created_at`,
    })} from ${VERSION_WITH_MODEL}, lateral (
      with recursive above (id) as (
        select n.id from lineage_nodes n
        where n.project_id = v.project_id and n.kind = 'model_version' and n.reference = v.id::text
        union
        select g.from_id from above a join lineage_edges g
          on g.project_id = v.project_id and g.to_id = a.id and g.kind <> 'triggered'
      )
      select bool_or(n.kind = 'dataset_version') as has_data, bool_or(n.kind in ('source_bundle', 'commit')) as has_code
      from above a join lineage_nodes n on n.id = a.id
    ) origin
    where v.id = (
      select newest.id from model_versions newest
      where newest.project_id = ${projectId} and newest.deleted_at is null and newest.origin = 'production'
      order by newest.created_at desc limit 1
    ) and origin.has_data and origin.has_code`,
  "D-10": (projectId) => sql`
    ${artefact({
      kind: "promotion",
      id: sql`o.id`,
      label: sql`m.name || ' v' || v.version || ' to ' || n.name`,
      at: sql`coalesce(a.closed_at, o.created_at)`,
      by: sql`o.proposed_by`,
      approval: sql`a.id`,
      missing: sql`case when a.state = 'open' then 'It waits for signatures.' end`,
    })} from promotions o join ${VERSION_WITH_MODEL} on v.id = o.model_version_id
    join environments n on n.id = o.environment_id join approvals a on a.id = o.approval_id
    where o.project_id = ${projectId} and a.state in ('approved', 'returned', 'open')
    order by array_position(array['approved', 'returned', 'open'], a.state), o.number desc limit 1`,
  "D-11": notYetRecorded,
  "D-12": (projectId) => sql`
    ${artefact({
      kind: "deployment",
      id: sql`y.id`,
      label: sql`m.name || ' v' || v.version || ' in ' || n.name || ', ' || (y.smoke ->> 'rows') || ' rows tested'`,
      at: sql`y.activated_at`,
      by: sql`y.requested_by`,
      approval: sql`(select o.approval_id from promotions o where o.id = y.promotion_id)`,
    })} from deployments y join ${VERSION_WITH_MODEL} on v.id = y.model_version_id
    join environments n on n.id = y.environment_id
    where y.project_id = ${projectId} and y.activated_at is not null and y.smoke is not null
      and y.smoke ->> 'error' is null
    order by (n.name = 'production') desc, y.activated_at desc limit 1`,
  "D-17": (projectId) => sql`
    ${artefact({
      kind: "deployment",
      id: sql`y.id`,
      label: sql`'Back to ' || m.name || ' v' || v.version`,
      at: sql`y.activated_at`,
      by: sql`y.requested_by`,
    })} from deployments y join ${VERSION_WITH_MODEL} on v.id = y.model_version_id
    where y.project_id = ${projectId} and y.kind = 'rollback' and y.activated_at is not null
    order by y.activated_at desc limit 1`,
} satisfies Block;
