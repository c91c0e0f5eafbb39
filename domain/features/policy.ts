import type { ErrorCode } from "../errors";
import type { Role } from "../identity/roles";
import type { PipelineKind } from "../pipelines/status";
import { viewVersionName } from "./view-reference";

/** Who signs a definition: the data scientist for its meaning, the data engineer for how it is computed. Two people. */
export const VIEW_SIGNERS: readonly Role[] = ["R3", "R4"];
/** Name of the rule above, part of every signature. */
export const VIEW_POLICY = "feature definitions 1";
/** How long a definition waits for people before the page calls it late. */
export const VIEW_DEADLINE_MS = 7 * 24 * 60 * 60 * 1000;

export type VersionChoice = { readonly version: number; readonly isSigned: boolean };
export type Refusal = { readonly code: ErrorCode; readonly reason: string; readonly sentence: string };

/**
 * The version of a view that a pipeline reads. A development pipeline reads any; a production pipeline only one that
 * carries both signatures, so `latest` means the newest signed there.
 */
export function chooseVersion<V extends VersionChoice>(
  view: { readonly name: string; readonly versions: readonly V[] },
  wanted: { readonly version: number | "latest"; readonly pipeline: PipelineKind },
): { readonly version: V; readonly refusal: null } | { readonly version: null; readonly refusal: Refusal } {
  const isProduction = wanted.pipeline === "production";
  const newestFirst = [...view.versions].sort((a, b) => b.version - a.version);
  const chosen =
    wanted.version === "latest"
      ? newestFirst.find((candidate) => candidate.isSigned || !isProduction)
      : newestFirst.find((candidate) => candidate.version === wanted.version);
  if (chosen && (chosen.isSigned || !isProduction)) return { version: chosen, refusal: null };
  const needed = "a production pipeline reads a view only with the signatures of a data scientist and a data engineer";
  if (chosen) return refuse("unsigned", `${viewVersionName(view.name, chosen.version)} is not signed: ${needed}.`);
  if (wanted.version === "latest" && newestFirst.length > 0)
    return refuse("unsigned", `No version of ${view.name} is signed yet: ${needed}.`);
  const what = wanted.version === "latest" ? "no version yet" : `no version ${wanted.version}`;
  return {
    version: null,
    refusal: { code: "not_found", reason: "view_version", sentence: `The feature view ${view.name} has ${what}.` },
  };
}

function refuse(reason: string, sentence: string) {
  return { version: null, refusal: { code: "precondition_failed" as const, reason, sentence } } as const;
}

/** Why a version cannot be copied to the online table; null when it can. The page disables its button by it. */
export function materializationRefusal(facts: {
  readonly name: string;
  readonly isSigned: boolean;
  readonly hasDatasetVersion: boolean;
  readonly isOneOpen: boolean;
  /** Whether the caller may publish, or only run what was published before. */
  readonly mayPublish: boolean;
  readonly isPublished: boolean;
}): Refusal | null {
  const { name } = facts;
  if (!facts.isSigned)
    return {
      code: "precondition_failed",
      reason: "unsigned",
      sentence: `${name} lacks signatures: only a signed definition is published.`,
    };
  if (!facts.hasDatasetVersion)
    return { code: "precondition_failed", reason: "no_data", sentence: "The dataset has no version yet." };
  if (facts.isOneOpen) return { code: "conflict", reason: "running", sentence: `${name} is being copied already.` };
  if (!facts.mayPublish && !facts.isPublished)
    return {
      code: "precondition_failed",
      reason: "not_published",
      sentence: `${name} was not published yet. A data engineer publishes it.`,
    };
  return null;
}
