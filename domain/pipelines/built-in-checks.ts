import { parseViewReference } from "../features/view-reference";
import type { DefinitionStep } from "./definition";
import type { Finding } from "./definition-checks";
import type { Path } from "./definition-document";
import { parameterIn } from "./references";
import type { ArtifactType, BuiltIn } from "./types";

type Form = {
  readonly known: readonly string[];
  readonly needed: readonly string[];
  /** At most one output of each of these types. */
  readonly outputs: readonly ArtifactType[];
  readonly inputs: 0 | 1;
  /** Whether the option dataset stands in for the input. */
  readonly isDatasetInput?: boolean;
};

const OPTIONS: Readonly<Record<BuiltIn, Form>> = {
  ingest: { known: ["dataset"], needed: ["dataset"], outputs: ["table"], inputs: 0 },
  validate: { known: ["dataset"], needed: [], outputs: ["report"], inputs: 1, isDatasetInput: true },
  features: {
    known: ["view", "label", "dataset", "from", "to"],
    needed: ["view"],
    outputs: ["table", "report"],
    inputs: 1,
  },
  register: { known: ["model", "step", "artifact"], needed: ["model", "step"], outputs: ["report"], inputs: 0 },
};

/** Options, inputs and output of a built-in: each has its own. */
export function builtInFindings(path: Path, step: DefinitionStep): readonly Finding[] {
  const { uses } = step;
  if (uses === undefined) return [];
  return [...optionFindings(path, uses, step), ...portFindings(path, uses, step), ...viewFindings(path, step)];
}

function optionFindings(path: Path, uses: BuiltIn, step: DefinitionStep): readonly Finding[] {
  const { known, needed } = OPTIONS[uses];
  const options = step.with ?? {};
  const unknown = Object.keys(options).filter((option) => !known.includes(option));
  const missing = needed.filter((option) => typeof options[option] !== "string");
  return [
    ...unknown.map((option) => ({
      path: [...path, "with", option],
      reason: `"${option}" is not an option of ${uses}; it takes ${known.join(", ")}.`,
      atKey: true,
    })),
    ...missing.map((option) => ({
      path: [...path, "with"],
      reason: `The option ${option} of ${uses} is missing.`,
      atKey: true,
    })),
  ];
}

function portFindings(path: Path, uses: BuiltIn, step: DefinitionStep): readonly Finding[] {
  const { outputs, inputs, isDatasetInput } = OPTIONS[uses];
  const findings: Finding[] = [];
  const types = Object.values(step.outputs);
  if (new Set(types).size < types.length || types.some((type) => !outputs.includes(type))) {
    const reason = `A step that uses ${uses} has at most one output, a ${outputs.join(", and one, a ")}.`;
    findings.push({ path: [...path, "outputs"], reason, atKey: true });
  }
  const given = Object.keys(step.inputs).length;
  if (inputs === 0 && given > 0) {
    findings.push({ path: [...path, "inputs"], reason: `A step that uses ${uses} takes no inputs.`, atKey: true });
  }
  if (inputs === 1 && isDatasetInput && given + (step.with?.dataset === undefined ? 0 : 1) !== 1) {
    findings.push({ path, reason: `A step that uses ${uses} takes one input, or the option dataset.`, atKey: true });
  }
  if (inputs === 1 && !isDatasetInput && given !== 1) {
    findings.push({ path, reason: `A step that uses ${uses} takes one input, the rows.`, atKey: true });
  }
  return findings;
}

/** The view is a name with a version; the bounds are days, or parameters that are. */
function viewFindings(path: Path, step: DefinitionStep): readonly Finding[] {
  if (step.uses !== "features") return [];
  const { view, from, to } = step.with ?? {};
  const isView = typeof view !== "string" || parameterIn(view) !== null || parseViewReference(view) !== null;
  const bounds = Object.entries({ from, to }).filter(
    ([, value]) => value !== undefined && !(typeof value === "string" && isBound(value)),
  );
  return [
    ...(isView
      ? []
      : [{ path: [...path, "with", "view"], reason: "Write name@version, with a number or latest as the version." }]),
    ...bounds.map(([name]) => ({
      path: [...path, "with", name],
      reason: "Write a day such as 2012-01-31, or a reference to a parameter.",
    })),
  ];
}

function isBound(text: string): boolean {
  return parameterIn(text) !== null || /^\d{4}-\d{2}-\d{2}$/.test(text);
}
