import { type SQL, sql } from "drizzle-orm";
import { artefact, type Block, notYetRecorded, VERSION_WITH_MODEL } from "./predicate";

/** An answered finding of one kind; an open one is begun. */
function finding(kind: "F3" | "F4") {
  return (projectId: string): SQL => sql`
    ${artefact({
      kind: "feedback_item",
      id: sql`f.id`,
      label: sql`'#' || f.number || ' ' || f.title`,
      at: sql`coalesce(f.answered_at, f.created_at)`,
      by: sql`f.answered_by`,
      missing: sql`case when f.state = 'open' then 'It waits for an answer.' end`,
    })} from feedback_items f where f.project_id = ${projectId} and f.kind = ${kind}
    order by (f.state <> 'open') desc, f.number desc limit 1`;
}

/** D-13 to D-27 without the roll-back: serving, watching, feeding back, retraining. */
export const MONITORING = {
  "D-13": notYetRecorded,
  "D-14": notYetRecorded,
  "D-15": (projectId) => sql`
    ${artefact({
      kind: "model_version",
      id: sql`v.id`,
      label: sql`m.name || ' v' || v.version || ' answered for ' || to_char(q.event_time at time zone 'UTC', 'YYYY-MM-DD')`,
      at: sql`q.received_at`,
    })} from (
      select model_version_id, event_time, received_at from predictions
      where project_id = ${projectId} order by received_at desc limit 1
    ) q join ${VERSION_WITH_MODEL} on v.id = q.model_version_id`,
  "D-16": notYetRecorded,
  "D-18": (projectId) => sql`
    ${artefact({
      kind: "model_version",
      id: sql`v.id`,
      label: sql`m.name || ' v' || v.version || ', truth known on ' || to_char(q.event_time at time zone 'UTC', 'YYYY-MM-DD')`,
      at: sql`q.received_at`,
    })} from (
      select p.model_version_id, l.event_time, l.received_at from labels l
      join predictions p on p.request_id = l.request_id and p.row = l.row and p.project_id = l.project_id
      where l.project_id = ${projectId} order by l.event_time desc limit 1
    ) q join ${VERSION_WITH_MODEL} on v.id = q.model_version_id`,
  // Both halves: how good the answers were, and how fast they came.
  "D-19": (projectId) => sql`
    ${artefact({
      kind: "monitor",
      id: sql`w.id`,
      label: sql`w.metric || ' ' || round(c.value::numeric, 3) || ', ' || (
        select count(*) from monitor_checks z where z.monitor_id = w.id and z.kind = 'quality' and z.value is not null
      ) || ' windows'`,
      at: sql`c.checked_at`,
    })} from monitor_checks c join monitors w on w.id = c.monitor_id
    where c.project_id = ${projectId} and c.kind = 'quality' and c.value is not null
      and exists (
        select 1 from monitor_checks z where z.monitor_id = w.id and z.kind = 'inputs'
          and jsonb_typeof(z.details -> 'latencyMs') = 'object'
      )
    order by c.window_end desc limit 1`,
  "D-20": (projectId) => sql`
    ${artefact({
      kind: "monitor",
      id: sql`c.monitor_id`,
      label: sql`'Inputs of ' || to_char(c.window_start at time zone 'UTC', 'YYYY-MM-DD') || ', ' || c.rows || ' rows'`,
      at: sql`c.checked_at`,
      missing: sql`'Changes of code and the resources of machines are not watched yet.'`,
    })} from monitor_checks c where c.project_id = ${projectId} and c.kind = 'inputs'
    order by c.window_end desc limit 1`,
  "D-21": (projectId) => sql`
    ${artefact({
      kind: "alert",
      id: sql`x.id`,
      label: sql`'Alert #' || x.number || ': ' || x.metric || ' ' || round(x.value::numeric, 3) || ' against ' || round(x.limit::numeric, 3)`,
      at: sql`coalesce(x.fired_at, x.created_at)`,
      by: sql`x.owner_id`,
      approval: sql`t.approval_id`,
      missing: sql`case when x.fired_at is null then 'It is pending.' end`,
    })} from alerts x join monitor_checks c on c.id = x.check_id
    join threshold_versions t on t.id = c.threshold_version_id join approvals a on a.id = t.approval_id
    where x.project_id = ${projectId} and a.state = 'approved'
    order by (x.fired_at is not null) desc, x.number desc limit 1`,
  "D-22": finding("F3"),
  "D-23": finding("F4"),
  "D-24": (projectId) => sql`
    ${artefact({
      kind: "retraining_trigger",
      id: sql`g.id`,
      label: sql`g.reason`,
      at: sql`coalesce(g.started_at, g.created_at)`,
      by: sql`y.created_by`,
      missing: sql`case when g.decision = 'held_back' then 'It was held back.' end`,
    })} from retraining_triggers g join retraining_policies y on y.id = g.policy_id
    where g.project_id = ${projectId} order by (g.decision = 'started') desc, g.created_at desc limit 1`,
  "D-25": (projectId) => sql`
    ${artefact({
      kind: "model_version",
      id: sql`v.id`,
      label: sql`'Alert #' || x.number || ', run #' || r.number || ', ' || m.name || ' v' || v.version`,
      at: sql`v.created_at`,
    })} from retraining_triggers g join alerts x on x.id = g.alert_id join pipeline_runs r on r.id = g.run_id
    join ${VERSION_WITH_MODEL} on v.pipeline_run_id = r.id
    where g.project_id = ${projectId} and v.deleted_at is null order by v.created_at desc limit 1`,
  // A challenger that was measured against the version in production, and decided by signatures either way.
  "D-26": (projectId) => sql`
    ${artefact({
      kind: "promotion",
      id: sql`o.id`,
      label: sql`m.name || ' v' || v.version || case when o.state = 'deployed' then ' replaced v' else ' did not replace v' end || b.version`,
      at: sql`coalesce(o.closed_at, a.closed_at)`,
      approval: sql`a.id`,
    })} from promotions o join ${VERSION_WITH_MODEL} on v.id = o.model_version_id
    join model_versions b on b.id = o.baseline_version_id join environments n on n.id = o.environment_id
    join approvals a on a.id = o.approval_id
    where o.project_id = ${projectId} and n.name = 'production' and o.baseline_version_id <> o.model_version_id
      and ((o.state = 'deployed' and a.state = 'approved') or (o.state = 'returned' and a.state = 'returned'))
    order by o.number desc limit 1`,
  "D-27": notYetRecorded,
} satisfies Block;
