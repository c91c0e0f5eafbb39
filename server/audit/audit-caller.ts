import type { Executor } from "@/db/client";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { writeAudit } from "./write-audit";

/** Who calls, with what: what every helper of a verb needs beside the transaction. */
export type Caller = { readonly ctx: ServiceContext; readonly scope: Scope };

export type Fact = {
  readonly action: string;
  readonly entity: { readonly kind: string; readonly id: string };
  readonly summary: string;
  readonly details?: Readonly<Record<string, unknown>>;
};

/** One audit row in the caller's name. */
export async function audit(db: Executor, { ctx, scope }: Caller, fact: Fact): Promise<void> {
  await writeAudit(db, {
    ...fact,
    actor: scope.actor,
    organisationId: scope.organisationId,
    projectId: scope.projectId,
    requestId: ctx.requestId,
    at: ctx.clock(),
  });
}
