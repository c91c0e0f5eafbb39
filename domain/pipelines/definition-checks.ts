import { type Definition, type DefinitionStep, LARGEST_STEP_COUNT } from "./definition";
import type { Path } from "./definition-document";
import { valueProblem } from "./parameters";
import { parameterIn, parseDatasetReference } from "./references";
import { topologicalOrder } from "./topology";

export type Report = (path: Path, reason: string, atKey?: boolean) => void;

/** What one part of a definition says of another: references, cycles, and which keys go together. */
export function checkDefinition(source: Definition, report: Report): void {
  if (Object.keys(source.steps).length > LARGEST_STEP_COUNT) {
    report(["steps"], `A pipeline has at most ${LARGEST_STEP_COUNT} steps.`, true);
  }
  for (const [name, spec] of Object.entries(source.parameters)) {
    const problem = spec.default === undefined ? null : valueProblem(spec.type, spec.default);
    if (problem) report(["parameters", name, "default"], problem);
  }
  for (const [key, step] of Object.entries(source.steps)) {
    checkKind(key, step, report);
    checkReferences(source, key, report);
  }
  checkCycle(source, report);
}

const KINDS = ["run", "shell", "sql", "uses"] as const;

function checkKind(key: string, step: DefinitionStep, report: Report): void {
  const path = ["steps", key];
  const present = KINDS.filter((kind) => step[kind] !== undefined);
  if (present.length !== 1) {
    const found = present.length === 0 ? "none of them" : present.join(" and ");
    report(path, `A step has one of run, shell, sql or uses; this one has ${found}.`, true);
    return;
  }
  const isProcess = step.run !== undefined || step.shell !== undefined;
  if (!isProcess && step.requirements !== undefined) report([...path, "requirements"], "Only a step with run or shell has requirements.", true);
  if (!isProcess && step.experiment !== undefined) report([...path, "experiment"], "Only a step with run or shell logs to an experiment.", true);
  if (step.with !== undefined && step.uses === undefined) report([...path, "with"], "Only a step with uses has options under with.", true);
  for (const field of ["run", "shell", "sql"] as const) {
    if (JSON.stringify(step[field] ?? "").includes("${{")) {
      report([...path, field], `Parameters are not spliced into ${field}: read ${field === "sql" ? "getvariable('name')" : "the variable CS_PARAM_NAME"} instead.`);
    }
  }
  if (step.requirements !== undefined && !/^(?!\.)[\w.-]+(\/(?!\.)[\w.-]+)*$/.test(step.requirements)) {
    report([...path, "requirements"], "Name a file of the bundle, such as requirements.txt.");
  }
  if (step.sql !== undefined && Object.values(step.outputs).join() !== "table") {
    report([...path, "outputs"], "A step with sql has exactly one output, a table.", true);
  }
  if (step.uses !== undefined) checkBuiltIn(key, step, report);
}

const OPTIONS = {
  ingest: { known: ["dataset"], needed: ["dataset"], output: "table" },
  validate: { known: ["dataset"], needed: [], output: "report" },
  register: { known: ["model", "step", "artifact"], needed: ["model", "step"], output: "report" },
} as const;

function checkBuiltIn(key: string, step: DefinitionStep, report: Report): void {
  const { uses } = step;
  if (uses === undefined) return;
  const path = ["steps", key];
  const { known, needed, output } = OPTIONS[uses];
  const options = step.with ?? {};
  for (const option of Object.keys(options)) {
    if (!(known as readonly string[]).includes(option)) {
      report([...path, "with", option], `"${option}" is not an option of ${uses}; it takes ${known.join(", ")}.`, true);
    }
  }
  for (const option of needed) {
    if (typeof options[option] !== "string") report([...path, "with"], `The option ${option} of ${uses} is missing.`, true);
  }
  const types = Object.values(step.outputs);
  if (types.length > 1 || types.some((type) => type !== output)) {
    report([...path, "outputs"], `A step that uses ${uses} has at most one output, a ${output}.`, true);
  }
  const inputs = Object.keys(step.inputs).length;
  if (uses !== "validate" && inputs > 0) report([...path, "inputs"], `A step that uses ${uses} takes no inputs.`, true);
  if (uses === "validate" && inputs + (options.dataset === undefined ? 0 : 1) !== 1) {
    report(path, "A step that uses validate takes one input, or the option dataset.", true);
  }
}

function checkReferences(source: Definition, key: string, report: Report): void {
  const step = source.steps[key];
  if (!step) return;
  const path = ["steps", key];
  const unknownStep = (name: string) => `There is no step ${name}; the steps are ${Object.keys(source.steps).join(", ")}.`;
  for (const [index, need] of step.needs.entries()) {
    if (!source.steps[need]) report([...path, "needs", index], unknownStep(need));
  }
  for (const [name, input] of Object.entries(step.inputs)) {
    if (typeof input === "string") checkStepInput(source, { key, name, input }, report);
    else checkDataset(source, input.dataset, (reason) => report([...path, "inputs", name], reason));
  }
  const { dataset } = step.with ?? {};
  if (step.uses !== undefined && typeof dataset === "string") checkDataset(source, dataset, (reason) => report([...path, "with", "dataset"], reason));
  if (step.uses === "register" && typeof step.with?.step === "string") {
    const logging = source.steps[step.with.step];
    if (!logging) report([...path, "with", "step"], unknownStep(step.with.step));
    else if (logging.experiment === undefined) report([...path, "with", "step"], `The step ${step.with.step} logs to no experiment, so it has no model to register.`);
  }
}

function checkStepInput(source: Definition, at: { key: string; name: string; input: string }, report: Report): void {
  const path = ["steps", at.key, "inputs", at.name];
  const [from = "", output = ""] = at.input.split(".");
  const producer = source.steps[from];
  if (!producer) return report(path, `There is no step ${from}; the steps are ${Object.keys(source.steps).join(", ")}.`);
  const type = producer.outputs[output];
  if (!type) {
    const names = Object.keys(producer.outputs);
    return report(path, `The step ${from} has no output ${output}; ${names.length > 0 ? `it has ${names.join(", ")}` : "it declares none"}.`);
  }
  const consumer = source.steps[at.key];
  if (consumer?.sql !== undefined && type !== "table") report(path, `SQL reads tables; ${at.input} is a ${type}.`);
  if (consumer?.uses === "validate" && producer.uses !== "ingest") report(path, `validate checks a dataset version; ${at.input} does not come from ingest.`);
}

function checkDataset(source: Definition, text: string, report: (reason: string) => void): void {
  const reference = parseDatasetReference(text);
  if (!reference) return report("Write name@version, with a number, latest or ${{ parameters.name }} as the version.");
  const parameter = parameterIn(reference.version);
  if (parameter === null) return;
  const spec = source.parameters[parameter];
  if (!spec) report(`There is no parameter ${parameter}.`);
  else if (spec.type !== "string" && spec.type !== "integer") report(`A dataset's version is a string or an integer; the parameter ${parameter} is a ${spec.type}.`);
}

function checkCycle(source: Definition, report: Report): void {
  const nodes = Object.entries(source.steps).map(([key, step]) => ({
    key,
    needs: [...step.needs, ...Object.values(step.inputs).flatMap((input) => (typeof input === "string" ? [input.split(".")[0] ?? ""] : []))],
  }));
  const { cycle } = topologicalOrder(nodes);
  if (cycle) report(["steps", cycle[0] ?? ""], `The steps need each other in a circle: ${cycle.join(" needs ")}.`, true);
}
