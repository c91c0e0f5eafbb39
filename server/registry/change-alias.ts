import { and, eq } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { projects } from "@/db/schema/projects";
import { modelAliases } from "@/db/schema/registry";
import { AppError } from "@/domain/errors";
import { aliasProblem, promotionAddress, protectedAliasMessage } from "@/domain/registry/policy";
import { isProtectedAlias } from "@/domain/registry/types";
import { recordRefusal } from "../audit/record-refusal";
import { writeAudit } from "../audit/write-audit";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { publishEvent } from "../notifications/publish-event";
import { modelByName, type RegisteredModel, versionByNumber } from "./model-lookup";

/** `version` null takes the alias away. */
export type AliasChange = { readonly name: string; readonly alias: string; readonly version: number | null };

/**
 * Sets or takes away an alias. `staging` and `production` follow what is deployed: asking for them leaves an
 * audit row and is refused with the address of the promotion to open.
 */
export async function changeAlias(
  ctx: ServiceContext,
  scope: Scope<"registry.register">,
  change: AliasChange,
): Promise<void> {
  await refuseSteps(ctx, scope);
  if (isProtectedAlias(change.alias)) await refuseProtectedAlias(ctx, scope, change);
  const problem = change.version === null ? null : aliasProblem(change.alias);
  if (problem) throw new AppError("invalid_input", "alias", problem);
  await ctx.db.transaction(async (tx) => {
    const model = await modelByName(tx, scope.projectId, change.name, { isLocked: true });
    const isAlias = and(eq(modelAliases.modelId, model.id), eq(modelAliases.alias, change.alias));
    if (change.version === null) await tx.delete(modelAliases).where(isAlias);
    else {
      const version = await versionByNumber(tx, model, change.version);
      const row = { modelId: model.id, alias: change.alias, modelVersionId: version.id };
      await tx
        .insert(modelAliases)
        .values(row)
        .onConflictDoUpdate({
          target: [modelAliases.modelId, modelAliases.alias],
          set: { modelVersionId: version.id },
        });
    }
    const summary =
      change.version === null
        ? `took the alias ${change.alias} from ${model.name}`
        : `set the alias ${change.alias} of ${model.name} to v${change.version}`;
    await auditAlias(tx, ctx, scope, {
      model,
      action: "registry.alias_set",
      summary,
      details: { alias: change.alias, version: change.version },
    });
    await publishEvent(tx, scope.projectId, "registry", model.id);
  });
}

/** Steps register; they change nothing that is registered. Trying leaves an audit row. */
export async function refuseSteps(ctx: ServiceContext, scope: Scope): Promise<void> {
  if (scope.actor.kind !== "run") return;
  const refusal = new AppError(
    "forbidden",
    "run_token",
    "A step's token may register from its own experiment run, and nothing more.",
  );
  const tried = {
    action: "registry.change_refused",
    entity: { kind: "project", id: scope.projectId },
    summary: "was refused to change what is registered",
  };
  await recordRefusal(ctx, scope, tried, refusal);
  throw refusal;
}

/** Writes the audit row of the refusal, then refuses with the address of the promotion to open. */
export async function refuseProtectedAlias(ctx: ServiceContext, scope: Scope, change: AliasChange): Promise<never> {
  const model = await modelByName(ctx.db, scope.projectId, change.name);
  const [project] = await ctx.db.select({ slug: projects.slug }).from(projects).where(eq(projects.id, scope.projectId));
  const version = change.version === null ? null : await versionByNumber(ctx.db, model, change.version);
  const environment = change.alias.toLowerCase();
  const address = promotionAddress({
    url: ctx.config.url,
    projectSlug: project?.slug ?? "",
    versionId: version?.id ?? null,
    environment,
  });
  await ctx.db.transaction((tx) =>
    auditAlias(tx, ctx, scope, {
      model,
      action: "registry.alias_refused",
      summary: `tried to move the alias ${environment} of ${model.name}, which follows what is deployed`,
      details: { alias: environment, version: change.version, refusal: "protected_alias" },
    }),
  );
  throw new AppError("forbidden", "protected_alias", protectedAliasMessage(environment, address), {
    promotion: address,
  });
}

async function auditAlias(
  tx: Transaction,
  ctx: ServiceContext,
  scope: Scope,
  what: {
    readonly model: RegisteredModel;
    readonly action: string;
    readonly summary: string;
    readonly details: Readonly<Record<string, unknown>>;
  },
): Promise<void> {
  await writeAudit(tx, {
    actor: scope.actor,
    organisationId: scope.organisationId,
    projectId: scope.projectId,
    action: what.action,
    entity: { kind: "registered_model", id: what.model.id },
    summary: what.summary,
    details: what.details,
    requestId: ctx.requestId,
    at: ctx.clock(),
  });
}
