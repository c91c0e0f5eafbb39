import { AppError } from "@/domain/errors";
import { datasetKey } from "@/domain/pipelines/references";
import type { ArtifactRef, DatasetPin, StepInputSpec, StepInputs } from "@/domain/pipelines/types";
import type { StepFacts } from "./load-step";

/** The files behind a step's inputs: outputs of earlier steps, and the dataset versions that the run fixed. */
export function stepInputs(facts: StepFacts): StepInputs {
  return Object.fromEntries(facts.planned.inputs.map((input) => [input.name, inputRef(facts, input)]));
}

function inputRef(facts: StepFacts, input: StepInputSpec): ArtifactRef {
  if (input.from === "dataset") return datasetRef(pinOf(facts, datasetKey(input)));
  const found = facts.outputs.get(input.step)?.[input.output];
  if (!found)
    throw new AppError(
      "precondition_failed",
      "input_missing",
      `The input ${input.name} is missing: ${input.step} has left no ${input.output}.`,
    );
  return found;
}

export function pinOf(facts: StepFacts, key: string): DatasetPin {
  const pin = facts.run.datasets[key];
  if (!pin) throw new AppError("precondition_failed", "input_missing", `The run has no dataset version for ${key}.`);
  return pin;
}

export function datasetRef(pin: DatasetPin): ArtifactRef {
  return {
    type: "dataset",
    sha256: pin.sha256,
    bytes: pin.bytes,
    rows: pin.rows,
    datasetVersionId: pin.datasetVersionId,
  };
}
