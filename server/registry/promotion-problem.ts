/** Says on the version's page why its ONNX file has no contract. */
export const CONTRACT_PROBLEM_TAG = "countersign.contract_problem";

type Version = { readonly onnxSha256: string | null; readonly tags: Readonly<Record<string, string>> };

/** Why a registered version can never be promoted, as a sentence; null where nothing of its files stands against it. */
export function promotionProblem({ onnxSha256, tags }: Version): string | null {
  if (onnxSha256 === null) return "Cannot be promoted: no ONNX file.";
  const problem = tags[CONTRACT_PROBLEM_TAG];
  return problem === undefined ? null : `Cannot be promoted: ${problem}`;
}
