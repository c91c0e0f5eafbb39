import type { Definition, DefinitionStep } from "./definition";
import type { Finding } from "./definition-checks";
import type { Path } from "./definition-document";
import { parameterIn, parseDatasetReference } from "./references";

/** Whether the steps, outputs, datasets and parameters that a step names are there, and of a type that it can use. */
export function referenceFindings(source: Definition, key: string, step: DefinitionStep): readonly Finding[] {
  const path = ["steps", key];
  const needs = step.needs.flatMap((need, index) =>
    source.steps[need] ? [] : [{ path: [...path, "needs", index], reason: noStep(source, need) }],
  );
  const inputs = Object.entries(step.inputs).flatMap(([name, input]) => {
    const at = [...path, "inputs", name];
    return typeof input === "string"
      ? stepInputFindings(source, step, { at, input })
      : datasetFindings(source, input.dataset, at);
  });
  return [...needs, ...inputs, ...optionFindings(source, step, path)];
}

function noStep(source: Definition, name: string): string {
  return `There is no step ${name}; the steps are ${Object.keys(source.steps).join(", ")}.`;
}

function optionFindings(source: Definition, step: DefinitionStep, path: Path): readonly Finding[] {
  const { dataset, step: registered } = step.with ?? {};
  if (step.uses === undefined) return [];
  if (step.uses !== "register") {
    return [
      ...(typeof dataset === "string" ? datasetFindings(source, dataset, [...path, "with", "dataset"]) : []),
      ...(step.uses === "features" ? parameterFindings(source, step, [...path, "with"]) : []),
    ];
  }
  if (typeof registered !== "string") return [];
  const at = [...path, "with", "step"];
  const producer = source.steps[registered];
  if (!producer) return [{ path: at, reason: noStep(source, registered) }];
  if (producer.experiment !== undefined) return [];
  return [{ path: at, reason: `The step ${registered} logs to no experiment, so it has no model to register.` }];
}

/** Options of `features` that refer to a parameter, which has to be there and of a type that fits. */
function parameterFindings(source: Definition, step: DefinitionStep, path: Path): readonly Finding[] {
  const wanted = { view: ["string"], from: ["date"], to: ["date"] } as const;
  return Object.entries(wanted).flatMap(([option, types]) => {
    const value = step.with?.[option];
    const parameter = typeof value === "string" ? parameterIn(value) : null;
    if (parameter === null) return [];
    const spec = source.parameters[parameter];
    if (!spec) return [{ path: [...path, option], reason: `There is no parameter ${parameter}.` }];
    if (types.some((type) => type === spec.type)) return [];
    const reason = `${option} is a ${types[0]}; the parameter ${parameter} is of the type ${spec.type}.`;
    return [{ path: [...path, option], reason }];
  });
}

function stepInputFindings(
  source: Definition,
  consumer: DefinitionStep,
  { at, input }: { readonly at: Path; readonly input: string },
): readonly Finding[] {
  const [from = "", output = ""] = input.split(".");
  const producer = source.steps[from];
  if (!producer) return [{ path: at, reason: noStep(source, from) }];
  const type = producer.outputs[output];
  if (!type) {
    const names = Object.keys(producer.outputs);
    const known = names.length > 0 ? `it has ${names.join(", ")}` : "it declares none";
    return [{ path: at, reason: `The step ${from} has no output ${output}; ${known}.` }];
  }
  if (consumer.sql !== undefined && type !== "table") {
    return [{ path: at, reason: `SQL reads tables; ${input} is a ${type}.` }];
  }
  if (consumer.uses === "features" && type !== "table") {
    return [{ path: at, reason: `Features are joined to the rows of a table; ${input} is a ${type}.` }];
  }
  if (consumer.uses === "validate" && producer.uses !== "ingest") {
    return [{ path: at, reason: `validate checks a dataset version; ${input} does not come from ingest.` }];
  }
  return [];
}

function datasetFindings(source: Definition, text: string, path: Path): readonly Finding[] {
  const reference = parseDatasetReference(text);
  if (!reference) {
    return [
      { path, reason: "Write name@version, with a number, latest or a reference to a parameter as the version." },
    ];
  }
  const parameter = parameterIn(reference.version);
  if (parameter === null) return [];
  const spec = source.parameters[parameter];
  if (!spec) return [{ path, reason: `There is no parameter ${parameter}.` }];
  if (spec.type === "string" || spec.type === "integer") return [];
  return [
    { path, reason: `A dataset's version is a string or an integer; the parameter ${parameter} is a ${spec.type}.` },
  ];
}
