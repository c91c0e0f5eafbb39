/** Why a registered model may not have this name; null where it may. It becomes part of addresses. */
export function modelNameProblem(name: string): string | null {
  if (name.trim() === "") return "Registered model name cannot be empty.";
  if (name.length > 256) return "'name' exceeds the maximum length of 256 characters";
  if (/[/:\\?#%]/.test(name) || name === "." || name === ".." || name !== name.trim()) {
    return `Invalid model name: '${name}'. A model name cannot contain '/', ':', '\\', '?', '#' or '%', nor begin or end with a space.`;
  }
  return null;
}

/** Why nobody may set this alias by hand; null where it is free to use. */
export function aliasProblem(alias: string): string | null {
  if (alias.length > 255 || !/^[\w-]+$/.test(alias))
    return `Invalid alias name: '${alias}'. It may contain letters, digits, '_' and '-', at most 255.`;
  if (/^latest$/i.test(alias) || /^v\d+$/i.test(alias)) return `Alias name '${alias}' is reserved.`;
  return null;
}

/** The address of the form that opens a promotion, which is the only way to move a protected alias. */
export function promotionAddress(at: {
  readonly url: string;
  readonly projectSlug: string;
  readonly versionId: string | null;
  readonly environment: string;
}): string {
  const query = new URLSearchParams({
    ...(at.versionId !== null && { version: at.versionId }),
    environment: at.environment,
  });
  return `${at.url.replace(/\/$/, "")}/p/${at.projectSlug}/promotions/new?${query}`;
}

/** What the client reads when it tries to move a protected alias or a stage around its gate. */
export function protectedAliasMessage(alias: string, address: string): string {
  return `The alias ${alias.toLowerCase()} follows what is deployed. Open a promotion: ${address}`;
}

export type VersionUse = {
  readonly label: string;
  readonly isDeployed: boolean;
  readonly promotions: number;
  readonly evaluations: number;
};

/** Why versions may not be deleted: they serve, or a decision was taken about them. Null where they may. */
export function deletionRefusal(uses: readonly VersionUse[]): string | null {
  const deployed = uses.find((use) => use.isDeployed);
  if (deployed) return `${deployed.label} was deployed, so it stays.`;
  const decided = uses.find((use) => use.promotions > 0 || use.evaluations > 0);
  return decided ? `${decided.label} has a promotion, whose evidence refers to it, so it stays.` : null;
}

/** The stage that old clients know, from the aliases that follow what is deployed. */
export function stageOf(aliases: readonly string[]): "None" | "Staging" | "Production" {
  if (aliases.includes("production")) return "Production";
  return aliases.includes("staging") ? "Staging" : "None";
}

/** A stage as written, in its one spelling; null where there is none of this name. */
export function stageNamed(text: string): "None" | "Staging" | "Production" | "Archived" | null {
  return (
    (["None", "Staging", "Production", "Archived"] as const).find(
      (stage) => stage.toLowerCase() === text.toLowerCase(),
    ) ?? null
  );
}

/** Why a version cannot be proposed for an environment; null where it can. What else is missing, its promotion says. */
export function proposalRefusal(version: { readonly origin: "production" | "development" | "outside" }): string | null {
  if (version.origin === "production") return null;
  return version.origin === "development"
    ? "It came from a development pipeline. Only versions from a production pipeline's run may be proposed."
    : "It was registered outside of a pipeline. Only versions from a production pipeline's run may be proposed.";
}
