import { and, eq } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { modelAliases } from "@/db/schema/registry";
import type { PROTECTED_ALIASES } from "@/domain/registry/types";

/**
 * Moves a protected alias to what is deployed now (null: nothing is). The only way in which one moves;
 * called in the deployment's own transaction, which writes the audit row and the event.
 */
export async function setDeployedAlias(
  tx: Transaction,
  input: {
    readonly modelId: string;
    readonly alias: (typeof PROTECTED_ALIASES)[number];
    readonly modelVersionId: string | null;
  },
): Promise<void> {
  const { modelId, alias, modelVersionId } = input;
  if (modelVersionId === null) {
    await tx.delete(modelAliases).where(and(eq(modelAliases.modelId, modelId), eq(modelAliases.alias, alias)));
    return;
  }
  await tx
    .insert(modelAliases)
    .values({ modelId, alias, modelVersionId })
    .onConflictDoUpdate({ target: [modelAliases.modelId, modelAliases.alias], set: { modelVersionId } });
}
