import { builtInFindings } from "./built-in-checks";
import { type Definition, type DefinitionStep, LARGEST_STEP_COUNT } from "./definition";
import type { Path } from "./definition-document";
import { valueProblem } from "./parameters";
import { referenceFindings } from "./reference-checks";
import { topologicalOrder } from "./topology";

/** Something wrong at a path; its key is meant where `atKey`, else its value. */
export type Finding = { readonly path: Path; readonly reason: string; readonly atKey?: boolean };

/** What one part of a definition says of another: references, cycles, and which keys go together. */
export function checkDefinition(source: Definition): readonly Finding[] {
  const steps = Object.entries(source.steps);
  return [
    ...(steps.length > LARGEST_STEP_COUNT
      ? [{ path: ["steps"], reason: `A pipeline has at most ${LARGEST_STEP_COUNT} steps.`, atKey: true }]
      : []),
    ...defaultFindings(source),
    ...steps.flatMap(([key, step]) => [
      ...workFindings(["steps", key], step),
      ...builtInFindings(["steps", key], step),
      ...referenceFindings(source, key, step),
    ]),
    ...cycleFindings(source),
  ];
}

function defaultFindings(source: Definition): readonly Finding[] {
  return Object.entries(source.parameters).flatMap(([name, spec]) => {
    const reason = spec.default === undefined ? null : valueProblem(spec.type, spec.default);
    return reason === null ? [] : [{ path: ["parameters", name, "default"], reason }];
  });
}

const KINDS = ["run", "shell", "sql", "uses"] as const;

/** A step does one thing, and has only the keys that go with it. */
function workFindings(path: Path, step: DefinitionStep): readonly Finding[] {
  const present = KINDS.filter((kind) => step[kind] !== undefined);
  if (present.length !== 1) {
    const found = present.length === 0 ? "none of them" : present.join(" and ");
    return [{ path, reason: `A step has one of run, shell, sql or uses; this one has ${found}.`, atKey: true }];
  }
  const isProcess = step.run !== undefined || step.shell !== undefined;
  const misplaced = (key: keyof DefinitionStep, isAllowed: boolean, reason: string): readonly Finding[] =>
    step[key] !== undefined && !isAllowed ? [{ path: [...path, key], reason, atKey: true }] : [];
  return [
    ...misplaced("requirements", isProcess, "Only a step with run or shell has requirements."),
    ...misplaced("experiment", isProcess, "Only a step with run or shell logs to an experiment."),
    ...misplaced("with", step.uses !== undefined, "Only a step with uses has options under with."),
    ...spliceFindings(path, step),
    ...requirementsFindings(path, step),
    ...(step.sql !== undefined && Object.values(step.outputs).join() !== "table"
      ? [{ path: [...path, "outputs"], reason: "A step with sql has exactly one output, a table.", atKey: true }]
      : []),
  ];
}

const READ_INSTEAD = {
  run: "the variable CS_PARAM_NAME",
  shell: "the variable CS_PARAM_NAME",
  sql: "getvariable('name')",
} as const;

/** Values travel as variables: text that is put into a command could become a command. */
function spliceFindings(path: Path, step: DefinitionStep): readonly Finding[] {
  return (["run", "shell", "sql"] as const)
    .filter((field) => JSON.stringify(step[field] ?? "").includes("$" + "{{"))
    .map((field) => ({
      path: [...path, field],
      reason: `Parameters are not spliced into ${field}: read ${READ_INSTEAD[field]} instead.`,
    }));
}

function requirementsFindings(path: Path, step: DefinitionStep): readonly Finding[] {
  if (step.requirements === undefined || /^(?!\.)[\w.-]+(\/(?!\.)[\w.-]+)*$/.test(step.requirements)) return [];
  return [{ path: [...path, "requirements"], reason: "Name a file of the bundle, such as requirements.txt." }];
}

function cycleFindings(source: Definition): readonly Finding[] {
  const nodes = Object.entries(source.steps).map(([key, step]) => {
    const inputs = Object.values(step.inputs).flatMap((input) =>
      typeof input === "string" ? [input.split(".")[0] ?? ""] : [],
    );
    const registered = step.uses === "register" ? [String(step.with?.step ?? "")] : [];
    return { key, needs: [...step.needs, ...inputs, ...registered] };
  });
  const { cycle } = topologicalOrder(nodes);
  if (!cycle) return [];
  const reason = `The steps need each other in a circle: ${cycle.join(" needs ")}.`;
  return [{ path: ["steps", cycle[0] ?? ""], reason, atKey: true }];
}
