import type { DefinitionStep } from "./definition";
import type { Finding } from "./definition-checks";
import type { Path } from "./definition-document";

const OPTIONS = {
  ingest: { known: ["dataset"], needed: ["dataset"], output: "table", inputs: 0 },
  validate: { known: ["dataset"], needed: [], output: "report", inputs: 1 },
  register: { known: ["model", "step", "artifact"], needed: ["model", "step"], output: "report", inputs: 0 },
} as const;

/** Options, inputs and output of a built-in: each has its own. */
export function builtInFindings(path: Path, step: DefinitionStep): readonly Finding[] {
  const { uses } = step;
  if (uses === undefined) return [];
  return [...optionFindings(path, uses, step), ...portFindings(path, uses, step)];
}

function optionFindings(path: Path, uses: keyof typeof OPTIONS, step: DefinitionStep): readonly Finding[] {
  const { known, needed } = OPTIONS[uses];
  const options = step.with ?? {};
  const unknown = Object.keys(options).filter((option) => !(known as readonly string[]).includes(option));
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

function portFindings(path: Path, uses: keyof typeof OPTIONS, step: DefinitionStep): readonly Finding[] {
  const { output, inputs } = OPTIONS[uses];
  const findings: Finding[] = [];
  const types = Object.values(step.outputs);
  if (types.length > 1 || types.some((type) => type !== output)) {
    const reason = `A step that uses ${uses} has at most one output, a ${output}.`;
    findings.push({ path: [...path, "outputs"], reason, atKey: true });
  }
  const given = Object.keys(step.inputs).length;
  if (inputs === 0 && given > 0) {
    findings.push({ path: [...path, "inputs"], reason: `A step that uses ${uses} takes no inputs.`, atKey: true });
  }
  if (inputs === 1 && given + (step.with?.dataset === undefined ? 0 : 1) !== 1) {
    findings.push({ path, reason: `A step that uses ${uses} takes one input, or the option dataset.`, atKey: true });
  }
  return findings;
}
