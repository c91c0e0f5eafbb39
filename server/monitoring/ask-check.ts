import { CHECK_WORKFLOW, checkWorkflowId } from "@/domain/monitoring/workflow";
import { audit } from "../audit/audit-caller";
import { personOf, type Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { newId } from "../ids";
import { enqueue } from "../outbox/enqueue";
import { lockMonitor, monitorName } from "./record";

/** Has a monitor checked now, beside its schedule: a person's wish is recorded, the check itself is the same. */
export async function askCheck(
  ctx: ServiceContext,
  scope: Scope<"monitoring.edit">,
  input: { readonly monitorId: string },
): Promise<void> {
  personOf(scope);
  await ctx.db.transaction(async (tx) => {
    const monitor = await lockMonitor(tx, scope.projectId, input.monitorId);
    await audit(
      tx,
      { ctx, scope },
      {
        action: "monitoring.check_asked",
        entity: { kind: "monitor", id: monitor.id },
        summary: `had ${monitorName(monitor)} checked`,
      },
    );
    await enqueue(
      tx,
      {
        act: "start",
        workflow: CHECK_WORKFLOW,
        workflowId: `${checkWorkflowId(monitor.id)}/${newId()}`,
        input: { monitorId: monitor.id, isAsked: 1 },
      },
      ctx.requestId,
    );
  });
}
