import { eq } from "drizzle-orm";
import { promotions } from "@/db/schema/promotions";
import { AppError } from "@/domain/errors";
import type { Caller } from "../audit/audit-caller";
import { authorize, systemActor } from "../authz/authorize";
import type { ServiceContext } from "../context";

/** The product itself as the caller, in the promotion's project: what the waiting workflow does is recorded in this name. */
export async function systemCaller(ctx: ServiceContext, promotionId: string): Promise<Caller> {
  const [row] = await ctx.db
    .select({ projectId: promotions.projectId })
    .from(promotions)
    .where(eq(promotions.id, promotionId));
  if (!row) throw new AppError("not_found", "promotion", "There is no such promotion.");
  return { ctx, scope: await authorize(ctx, systemActor("Countersign"), "deployments.deploy", row.projectId) };
}
