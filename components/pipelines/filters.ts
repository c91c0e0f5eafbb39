import { createLoader, parseAsArrayOf, parseAsInteger, parseAsString, parseAsStringLiteral } from "nuqs/server";
import { RUN_STATES, type RunState } from "@/domain/pipelines/status";

/** What the list of runs keeps in the address. */
export const runFilters = { state: parseAsArrayOf(parseAsStringLiteral(RUN_STATES)).withDefault([]) };
export const loadRunFilters = createLoader(runFilters);

/** The filter as the query takes it; page and component ask by the same key. */
export function runsQuery(
  projectId: string,
  filter: { readonly pipelineId?: string; readonly state: readonly RunState[] },
) {
  return {
    projectId,
    ...(filter.pipelineId !== undefined && { pipelineId: filter.pipelineId }),
    ...(filter.state.length > 0 && { state: [...filter.state] }),
  };
}

export const PIPELINE_TABS = ["runs", "definition", "versions"] as const;
/** The page of a pipeline: its part, and the version whose definition is read. */
export const pipelinePlace = {
  tab: parseAsStringLiteral(PIPELINE_TABS).withDefault("runs"),
  version: parseAsInteger,
};

export const STEP_TABS = ["log", "inputs", "outputs", "attempts"] as const;
/** The page of a run: which step a colleague should see, and how. */
export const runPlace = {
  step: parseAsString,
  tab: parseAsStringLiteral(STEP_TABS).withDefault("log"),
  attempt: parseAsInteger,
  view: parseAsStringLiteral(["graph", "table"]).withDefault("graph"),
};
