import { sql } from "drizzle-orm";
import { artefact, type Block, notYetRecorded, RUN_WITH_CODE, VERSION_WITH_MODEL } from "./predicate";

/** C-01 to C-17: from the analysis to the hand-over. */
export const EXPERIMENTATION = {
  "C-01": notYetRecorded,
  "C-02": (projectId) => sql`
    ${artefact({
      kind: "feedback_item",
      id: sql`f.id`,
      label: sql`'#' || f.number || ' ' || f.title`,
      at: sql`f.created_at`,
      by: sql`f.created_by`,
      missing: sql`case when f.state = 'open' then 'A data engineer has not answered it.' end`,
    })} from feedback_items f where f.project_id = ${projectId} and f.kind = 'F1'
    order by (f.state <> 'open') desc, f.number desc limit 1`,
  "C-03": (projectId) => sql`
    ${artefact({
      kind: "pipeline_run",
      id: sql`r.id`,
      label: sql`t.rows || ' rows in ' || p.name || ' #' || r.number`,
      at: sql`t.created_at`,
      by: sql`r.started_by`,
    })} from training_sets t join pipeline_runs r on r.id = t.run_id join pipelines p on p.id = r.pipeline_id
    where t.project_id = ${projectId} and r.started_by is not null
      and exists (select 1 from validation_reports q where q.run_id = r.id and q.has_passed)
    order by t.created_at desc limit 1`,
  // Only a recorded split: two datasets side by side are none. A leak makes it none as well.
  "C-04": (projectId) => sql`
    ${artefact({
      kind: "pipeline_run",
      id: sql`r.id`,
      label: sql`s.training_rows || ' to train, ' || s.holdout_rows || ' held out'`,
      at: sql`s.created_at`,
      by: sql`r.started_by`,
      missing: sql`case when s.shared_rows > 0 then s.shared_rows || ' rows stand on both sides.' end`,
    })} from split_manifests s join pipeline_runs r on r.id = s.run_id
    where s.project_id = ${projectId} and r.started_by is not null
    order by (s.shared_rows = 0) desc, s.created_at desc limit 1`,
  "C-05": notYetRecorded,
  "C-06": (projectId) => sql`
    ${artefact({
      kind: "experiment_run",
      id: sql`e.id`,
      label: sql`e.name`,
      at: sql`to_timestamp(e.end_ms / 1000.0)`,
      by: sql`r.started_by`,
    })} from experiment_runs e join pipeline_runs r on r.id = e.pipeline_run_id
    where e.project_id = ${projectId} and e.status = 'FINISHED' and e.lifecycle = 'active'
      and exists (select 1 from logged_models l where l.source_run_id = e.id)
    order by e.start_ms desc limit 1`,
  "C-07": (projectId) => sql`
    ${artefact({
      kind: "review",
      id: sql`w.id`,
      label: sql`'Review #' || w.number`,
      at: sql`x.created_at`,
      by: sql`x.user_id`,
      missing: sql`'It covers the code by its digest; no report of lint, tests or coverage is bound to it.'`,
    })} from review_verdicts x join reviews w on w.id = x.review_id
    where x.project_id = ${projectId} and x.as_role = 'R5' and x.decision = 'approved' and x.replaced_at is null
      and x.evidence_digest = w.evidence_digest order by x.created_at desc limit 1`,
  "C-08": notYetRecorded,
  "C-09": notYetRecorded,
  "C-10": (projectId) => sql`
    ${artefact({
      kind: "model_version",
      id: sql`v.id`,
      label: sql`m.name || ' v' || v.version || ', ' || jsonb_array_length(v.files) || ' files'`,
      at: sql`v.created_at`,
      by: sql`v.registered_by`,
      missing: sql`case when not ${hasFile("input_example.json")} then 'The package has no sample input.' end`,
    })} from ${VERSION_WITH_MODEL}
    where v.project_id = ${projectId} and v.deleted_at is null and v.signature is not null
      and (${hasFile("requirements.txt")} or ${hasFile("conda.yaml")} or ${hasFile("python_env.yaml")})
    order by ${hasFile("input_example.json")} desc, v.created_at desc limit 1`,
  "C-11": (projectId) => sql`
    ${artefact({
      kind: "pipeline_run",
      id: sql`r.id`,
      label: sql`left(b.commit, 7) || ' in ' || p.name || ' #' || r.number`,
      at: sql`r.created_at`,
      by: sql`b.pushed_by`,
      missing: sql`case when b.is_dirty then 'The push had changes that were not committed.' end`,
    })} from ${RUN_WITH_CODE}
    where r.project_id = ${projectId} and b.commit is not null
      and exists (select 1 from experiment_runs e where e.pipeline_run_id = r.id and e.status = 'FINISHED')
    order by b.is_dirty, r.number desc limit 1`,
  "C-12": (projectId) => sql`
    ${artefact({
      kind: "pipeline",
      id: sql`p.id`,
      label: sql`p.name || ' v' || pv.version || ', ' || left(b.commit, 7)`,
      at: sql`pv.created_at`,
      by: sql`pv.created_by`,
      missing: sql`'No review of it by an ML engineer is recorded.'`,
    })} from pipeline_versions pv join pipelines p on p.id = pv.pipeline_id join source_bundles b on b.id = pv.bundle_id
    where pv.project_id = ${projectId} and pv.kind = 'production' and b.commit is not null and not b.is_dirty
    order by pv.created_at desc limit 1`,
  "C-13": notYetRecorded,
  "C-14": notYetRecorded,
  "C-15": notYetRecorded,
  "C-16": notYetRecorded,
  "C-17": notYetRecorded,
} satisfies Block;

function hasFile(path: string) {
  return sql`exists (select 1 from jsonb_array_elements(v.files) file where file ->> 'path' = ${path})`;
}
