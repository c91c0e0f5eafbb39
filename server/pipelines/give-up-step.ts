import { and, eq, inArray } from "drizzle-orm";
import { pipelineRunSteps, stepAttempts } from "@/db/schema/pipelines";
import type { ServiceContext } from "../context";
import type { Executor } from "../executors/executor";
import { publishEvent } from "../notifications/publish-event";
import { skipDependants } from "./finish-attempt";
import { loadStep } from "./load-step";
import { isAttemptOpen, killLeftovers, retireAttempts } from "./retire-attempts";

/** Fails a step whose attempts never came to an end of their own: its workers died, or nothing could be written. May be repeated. */
export async function giveUpStep(
  services: { readonly ctx: ServiceContext; readonly executor: Executor },
  given: { readonly runId: string; readonly stepKey: string; readonly reason: string },
): Promise<void> {
  const { ctx, executor } = services;
  const facts = await loadStep(ctx, given.runId, given.stepKey);
  const open = facts.attempts.filter(isAttemptOpen);
  await killLeftovers(executor, open);
  await ctx.db.transaction(async (tx) => {
    const [failed] = await tx
      .update(pipelineRunSteps)
      .set({ state: "failed", reason: given.reason, finishedAt: ctx.clock() })
      .where(
        and(eq(pipelineRunSteps.id, facts.step.id), inArray(pipelineRunSteps.state, ["pending", "queued", "running"])),
      )
      .returning({ id: pipelineRunSteps.id });
    if (!failed) return;
    const still = await tx.select().from(stepAttempts).where(eq(stepAttempts.stepId, facts.step.id));
    await retireAttempts(ctx, tx, { attempts: still.filter(isAttemptOpen), state: "lost", reason: given.reason });
    await skipDependants(tx, facts, facts.step.key);
    await publishEvent(tx, facts.run.projectId, "pipelines", facts.run.id);
  });
}
