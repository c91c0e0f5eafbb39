import { z } from "zod";
import { projectProcedure, router, signedInProcedure } from "../trpc/init";
import { projectActivity } from "./activity";
import { markRead } from "./mark-read";
import { listChanges, listFleet, listWaiting } from "./queries";

/** What the first pages show: of a person over all their projects, and of one project. */
export const notificationsRouter = router({
  waiting: signedInProcedure.query(({ ctx }) => listWaiting(ctx, ctx.actor)),
  changed: signedInProcedure.query(({ ctx }) => listChanges(ctx, ctx.actor)),
  fleet: signedInProcedure.query(({ ctx }) => listFleet(ctx, ctx.actor)),
  activity: projectProcedure("projects.read").query(({ ctx }) => projectActivity(ctx, ctx.scope)),
  markRead: signedInProcedure
    .input(z.object({ ids: z.array(z.uuid()).max(100) }))
    .mutation(({ ctx, input }) => markRead(ctx, ctx.actor, input.ids)),
});
