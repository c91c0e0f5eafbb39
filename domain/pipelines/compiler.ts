import type { z } from "zod";
import { type Definition, type DefinitionStep, definition } from "./definition";
import { checkDefinition } from "./definition-checks";
import { type DefinitionProblem, type Path, readDefinitionDocument } from "./definition-document";
import { parseDatasetReference } from "./references";
import { topologicalOrder } from "./topology";
import type { ParameterSpec, Plan, StepInputSpec, StepPlan, StepWork } from "./types";

export type Compiled =
  | { readonly plan: Plan; readonly problems: readonly [] }
  | { readonly plan: null; readonly problems: readonly DefinitionProblem[] };

/** "pipeline.yaml:12:5: steps.train.timeout: Write a duration." */
export function problemSentence({ file, line, column, path, reason }: DefinitionProblem): string {
  return `${file}:${line}:${column}: ${path ? `${path}: ` : ""}${reason}`;
}

/**
 * Turns the text of a definition into a plan, or into everything that is wrong with it, each with file, line,
 * column and reason. `file` is only a name to show.
 */
export function compileDefinition(text: string, file: string): Compiled {
  const document = readDefinitionDocument(text, file);
  if (document.syntaxProblems.length > 0) return { plan: null, problems: document.syntaxProblems };
  const parsed = definition.safeParse(document.value);
  const problems: DefinitionProblem[] = [];
  const report = (path: Path, reason: string, atKey = false) =>
    void problems.push(document.problem(path, reason, atKey));
  if (!parsed.success) {
    for (const issue of parsed.error.issues) reportIssue(issue, report);
    return { plan: null, problems: inOrder(problems) };
  }
  for (const { path, reason, atKey } of checkDefinition(parsed.data)) report(path, reason, atKey);
  if (problems.length > 0) return { plan: null, problems: inOrder(problems) };
  return { plan: planOf(parsed.data), problems: [] };
}

type Report = (path: Path, reason: string, atKey?: boolean) => void;

function reportIssue(issue: z.core.$ZodIssue, report: Report): void {
  const path = issue.path.map((part) => (typeof part === "symbol" ? String(part) : part));
  if (issue.code === "unrecognized_keys") {
    for (const key of issue.keys) report([...path, key], `"${key}" is not known here.`, true);
    return;
  }
  if (issue.code === "invalid_key") {
    report(path, issue.issues[0]?.message ?? issue.message, true);
    return;
  }
  report(path, issue.message.replace(/^Invalid input: /, ""));
}

function inOrder(problems: readonly DefinitionProblem[]): readonly DefinitionProblem[] {
  return [...problems].sort((a, b) => a.line - b.line || a.column - b.column);
}

function planOf(source: Definition): Plan {
  const steps = Object.entries(source.steps).map(([key, step]) => stepPlanOf(key, step));
  return {
    name: source.name,
    kind: source.kind,
    parameters: Object.entries(source.parameters).map(
      ([name, { type, default: value, description }]): ParameterSpec => ({
        name,
        type,
        default: value ?? null,
        description,
      }),
    ),
    steps: topologicalOrder(steps).ordered,
  };
}

function stepPlanOf(key: string, step: DefinitionStep): StepPlan {
  const inputs = Object.entries(step.inputs).map(([name, input]) => inputOf(name, input));
  const fromInputs = inputs.flatMap((input) => (input.from === "step" ? [input.step] : []));
  const named = step.uses === "register" && typeof step.with?.step === "string" ? [step.with.step] : [];
  return {
    key,
    work: workOf(step),
    needs: [...new Set([...step.needs, ...fromInputs, ...named])],
    inputs,
    outputs: Object.entries(step.outputs).map(([name, type]) => ({ name, type })),
    maxAttempts: step.retries?.attempts ?? 1,
    retryDelayMs: step.retries?.delay ?? 1_000,
    timeoutMs: step.timeout,
    experiment: step.experiment ?? null,
  };
}

function inputOf(name: string, input: DefinitionStep["inputs"][string]): StepInputSpec {
  if (typeof input === "string") {
    const [step = "", output = ""] = input.split(".");
    return { name, from: "step", step, output };
  }
  const reference = parseDatasetReference(input.dataset) ?? { dataset: input.dataset, version: "latest" };
  return { name, from: "dataset", ...reference };
}

function workOf(step: DefinitionStep): StepWork {
  const requirements = step.requirements ?? null;
  if (step.run) return { kind: "command", command: step.run, requirements };
  if (step.shell !== undefined) return { kind: "shell", script: step.shell, requirements };
  if (step.sql !== undefined) return { kind: "sql", query: step.sql };
  return { kind: "builtin", builtin: step.uses ?? "ingest", options: step.with ?? {} };
}
