import { sql } from "drizzle-orm";
import { artefact, type Block, notYetRecorded } from "./predicate";

/** A-01 to A-12: from the problem to the end of the first phase. */
export const INITIATION = {
  "A-01": (projectId) => sql`
    ${artefact({
      kind: "problem_statement",
      id: sql`s.id`,
      label: sql`'Problem statement v' || s.version`,
      at: sql`s.created_at`,
      by: sql`s.created_by`,
    })} from problem_statements s where s.project_id = ${projectId} order by s.version desc limit 1`,
  "A-02": notYetRecorded,
  "A-03": notYetRecorded,
  "A-04": notYetRecorded,
  "A-05": notYetRecorded,
  // Saving it is the data scientist's signature; there is no place yet for the stakeholder's.
  "A-06": (projectId) => sql`
    ${artefact({
      kind: "ml_problem",
      id: sql`d.id`,
      label: sql`'ML problem v' || d.version`,
      at: sql`d.created_at`,
      by: sql`d.created_by`,
      missing: sql`'The business stakeholder has not signed it.'`,
    })} from ml_problems d where d.project_id = ${projectId} order by d.version desc limit 1`,
  "A-07": notYetRecorded,
  "A-08": (projectId) => sql`
    ${artefact({
      kind: "dataset",
      id: sql`d.id`,
      label: sql`d.name`,
      at: sql`d.created_at`,
      by: sql`d.created_by`,
      missing: sql`'Source and licence are known; connector and freshness are not recorded.'`,
    })} from datasets d where d.project_id = ${projectId} and d.source <> '' and d.licence <> ''
    order by d.created_at desc limit 1`,
  "A-09": (projectId) => sql`
    ${artefact({
      kind: "dataset_version",
      id: sql`v.id`,
      label: sql`'Profile of ' || d.name || ' v' || v.version`,
      at: sql`v.created_at`,
      by: sql`v.created_by`,
    })} from dataset_versions v join datasets d on d.id = v.dataset_id
    where v.project_id = ${projectId} and jsonb_array_length(v.profile) > 0 order by v.created_at desc limit 1`,
  "A-10": (projectId) => sql`
    ${artefact({
      kind: "dataset_version",
      id: sql`v.id`,
      label: sql`jsonb_array_length(r.results) || case jsonb_array_length(r.results) when 1 then ' check of ' else ' checks of ' end || d.name || ' v' || v.version
        || case when r.has_passed then ', passed' else ', failed' end`,
      at: sql`r.created_at`,
      by: sql`c.created_by`,
    })} from validation_reports r join check_sets c on c.id = r.check_set_id
    join dataset_versions v on v.id = r.dataset_version_id join datasets d on d.id = v.dataset_id
    where r.project_id = ${projectId} order by r.created_at desc limit 1`,
  "A-11": notYetRecorded,
  "A-12": notYetRecorded,
} satisfies Block;
