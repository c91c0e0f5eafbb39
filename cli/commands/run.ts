import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import { isRunOver } from "@/domain/pipelines/status";
import { CliError, EXIT, type ExitCode } from "../cli-error";
import type { Client, Project } from "../client";
import { type Output, span, table } from "../output";
import { typedParameters } from "../parameters";
import { logPage, pipelineView, type RunView, runList, runView, type StepView, startedRun } from "../run-answers";

const POLL_MS = 500;

/** A client with the project that it works in. */
export type Place = { readonly client: Client; readonly project: Project; readonly output: Output };

const inProject = ({ project }: Place, path: string) => `/api/v1/projects/${project.id}${path}`;

export async function startRun(
  place: Place,
  pipeline: string,
  given: { readonly parameters: readonly string[]; readonly version: number | null },
): Promise<number> {
  const { client, project } = place;
  const known =
    given.parameters.length > 0
      ? await client.query("pipelines.get", { projectId: project.id, name: pipeline }, pipelineView)
      : null;
  const parameters = typedParameters(given.parameters, known?.current.plan.parameters ?? []);
  const body = { parameters, ...(given.version !== null && { version: given.version }) };
  const { number } = await client.post(
    inProject(place, `/pipelines/${encodeURIComponent(pipeline)}/runs`),
    body,
    startedRun,
  );
  place.output.line(`Started run #${number} of ${pipeline}: ${client.url}/p/${project.slug}/pipelines/runs/${number}`);
  return number;
}

export async function rerun(place: Place, run: string, given: readonly string[]): Promise<number> {
  const earlier = await getRun(place, run);
  const { client, project } = place;
  const { current } = await client.query(
    "pipelines.get",
    { projectId: project.id, name: earlier.pipeline },
    pipelineView,
  );
  const parameters = typedParameters(given, current.plan.parameters);
  const { number } = await client.post(
    inProject(place, `/pipeline-runs/${earlier.id}/rerun`),
    { parameters },
    startedRun,
  );
  place.output.line(`Started run #${number} as run #${earlier.number} again.`);
  return number;
}

export async function cancelRun(place: Place, run: string): Promise<void> {
  const { id, number } = await getRun(place, run);
  await place.client.post(inProject(place, `/pipeline-runs/${id}/cancel`), {}, z.unknown());
  place.output.line(`Asked run #${number} to stop.`);
}

export async function getRun(place: Place, run: string): Promise<RunView> {
  const name = run.replace(/^#/, "");
  if (!/^([1-9]\d{0,8}|[0-9a-f-]{36})$/.test(name))
    throw new CliError(`"${run}" is no run; write its number, such as 184.`, EXIT.usage);
  return place.client.get(inProject(place, `/pipeline-runs/${name}`), runView);
}

export async function listRuns(place: Place): Promise<string> {
  const { runs } = await place.client.get(inProject(place, "/pipeline-runs?limit=20"), runList);
  if (runs.length === 0) return "No runs yet.";
  return table([
    ["run", "pipeline", "state", "time", "started by"],
    ...runs.map((run) => [
      `#${run.number}`,
      `${run.pipeline} v${run.version}`,
      run.state,
      span(run.startedAt, run.finishedAt),
      run.startedBy ?? "–",
    ]),
  ]);
}

export function runText(run: RunView): string {
  const head = `run #${run.number} of ${run.pipeline} v${run.version}: ${run.state}${run.reason ? `. ${run.reason}` : ""}`;
  const rows = run.steps.map((step) => [
    `  ${step.key}`,
    step.state,
    span(step.startedAt, step.finishedAt),
    attemptsOf(step),
    step.reason ?? step.summary ?? "",
  ]);
  return `${head}\n${table(rows)}`;
}

function attemptsOf({ attempts }: StepView): string {
  return attempts.length > 1 ? `${attempts.length} attempts` : "";
}

/** Shows each change of a step until the run is over; the answer is what the process ends with. */
export async function watchRun(place: Place, run: string): Promise<ExitCode> {
  const shown = new Map<string, string>();
  for (;;) {
    const view = await getRun(place, run);
    for (const step of view.steps) {
      const line = stepLine(step);
      if (line !== null && shown.get(step.key) !== line) place.output.line(line);
      if (line !== null) shown.set(step.key, line);
    }
    if (isRunOver(view.state)) {
      place.output.line(
        `run #${view.number} ${view.state} after ${span(view.startedAt, view.finishedAt)}${view.reason ? `: ${view.reason}` : ""}`,
      );
      return exitCodeOf(view);
    }
    await wait(POLL_MS);
  }
}

function stepLine(step: StepView): string | null {
  if (step.state === "pending" || step.state === "queued") return null;
  const attempt = step.attempts.length > 1 ? ` (attempt ${step.attempts.length})` : "";
  const isOver = step.state !== "running";
  const said = step.reason ?? step.summary;
  return `  ${step.key} ${step.state}${attempt}${isOver && step.startedAt ? ` after ${span(step.startedAt, step.finishedAt)}` : ""}${isOver && said ? `: ${said}` : ""}`;
}

export function exitCodeOf({ state }: Pick<RunView, "state">): ExitCode {
  if (state === "failed") return EXIT.runFailed;
  return state === "cancelled" ? EXIT.runCancelled : EXIT.done;
}

/** Prints the log of a step's last attempt, or of all steps; with `follow` until the run is over. */
export async function printLogs(
  place: Place,
  run: string,
  wanted: { readonly step: string | null; readonly follow: boolean },
): Promise<void> {
  const printed = new Map<string, string>();
  for (;;) {
    const view = await getRun(place, run);
    if (wanted.step !== null && !view.steps.some((step) => step.key === wanted.step)) {
      throw new CliError(
        `Run #${view.number} has no step ${wanted.step}; the steps are ${view.steps.map((step) => step.key).join(", ")}.`,
        EXIT.usage,
      );
    }
    const chosen = view.steps.filter((step) => wanted.step === null || step.key === wanted.step);
    for (const step of chosen)
      await printStep(place, step, { printed, prefix: wanted.step === null ? `${step.key} | ` : "" });
    if (!wanted.follow || isRunOver(view.state)) return;
    await wait(POLL_MS);
  }
}

type Printing = { readonly printed: Map<string, string>; readonly prefix: string };

async function printStep(place: Place, step: StepView, { printed, prefix }: Printing): Promise<void> {
  for (const attempt of step.attempts) {
    for (let hasMore = true; hasMore; ) {
      const cursor = printed.get(attempt.id) ?? "0";
      const page = await place.client.get(
        inProject(place, `/step-attempts/${attempt.id}/log-page?cursor=${cursor}`),
        logPage,
      );
      printed.set(attempt.id, page.cursor);
      if (page.text !== "")
        place.output.write(page.text.replace(/^/gm, prefix).slice(0, prefix === "" ? undefined : -prefix.length));
      hasMore = page.hasMore && page.text !== "";
    }
  }
}
