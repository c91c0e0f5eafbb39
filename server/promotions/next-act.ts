import { and, eq } from "drizzle-orm";
import { approvals } from "@/db/schema/approvals";
import { deployments } from "@/db/schema/deployments";
import { promotions } from "@/db/schema/promotions";
import { AppError } from "@/domain/errors";
import { type NextAct, nextAct } from "@/domain/promotions/policy";
import type { ServiceContext } from "../context";

/** What the workflow that waits for a promotion does next, as the record stands. */
export async function nextActOf(ctx: ServiceContext, promotionId: string): Promise<NextAct> {
  const [row] = await ctx.db
    .select({ promotion: promotions, approvalState: approvals.state })
    .from(promotions)
    .innerJoin(approvals, eq(approvals.id, promotions.approvalId))
    .where(eq(promotions.id, promotionId));
  if (!row) throw new AppError("not_found", "promotion", "There is no such promotion.");
  const { environmentId, modelId, state, createdAt, deadlineAt, remindedAt } = row.promotion;
  const pending = await ctx.db.$count(
    deployments,
    and(
      eq(deployments.environmentId, environmentId),
      eq(deployments.modelId, modelId),
      eq(deployments.state, "pending"),
    ),
  );
  return nextAct({
    state,
    approvalState: row.approvalState,
    createdAt,
    deadlineAt,
    remindedAt,
    isEnvironmentBusy: pending > 0,
    now: ctx.clock(),
  });
}
