import {
  acknowledgeInput,
  alertsFilter,
  changeMonitorInput,
  createMonitorInput,
  decideThresholdInput,
  monitorInput,
  monitorNumberInput,
  proposeThresholdInput,
  withdrawThresholdInput,
} from "@/domain/monitoring/contracts";
import { projectProcedure, router } from "../trpc/init";
import { acknowledgeAlert } from "./acknowledge-alert";
import { askCheck } from "./ask-check";
import { changeMonitor } from "./change-monitor";
import { createMonitor } from "./create-monitor";
import { decideThreshold } from "./decide-threshold";
import { getMonitor } from "./monitor-page";
import { proposeThreshold } from "./propose-threshold";
import { getAlert, listAlerts, listMonitors, monitorOptions } from "./queries";
import { withdrawThreshold } from "./withdraw-threshold";

const read = projectProcedure("monitoring.read");
const edit = projectProcedure("monitoring.edit");

export const monitoringRouter = router({
  list: read.query(({ ctx }) => listMonitors(ctx, ctx.scope)),
  get: read.input(monitorNumberInput).query(({ ctx, input }) => getMonitor(ctx, ctx.scope, input.number)),
  options: read.query(({ ctx }) => monitorOptions(ctx, ctx.scope)),
  alerts: read.input(alertsFilter).query(({ ctx, input }) => listAlerts(ctx, ctx.scope, input)),
  alert: read.input(monitorNumberInput).query(({ ctx, input }) => getAlert(ctx, ctx.scope, input.number)),
  create: edit.input(createMonitorInput).mutation(({ ctx, input }) => createMonitor(ctx, ctx.scope, input)),
  change: edit.input(changeMonitorInput).mutation(({ ctx, input }) => changeMonitor(ctx, ctx.scope, input)),
  checkNow: edit.input(monitorInput).mutation(({ ctx, input }) => askCheck(ctx, ctx.scope, input)),
  proposeThreshold: edit
    .input(proposeThresholdInput)
    .mutation(({ ctx, input }) => proposeThreshold(ctx, ctx.scope, input)),
  withdrawThreshold: edit
    .input(withdrawThresholdInput)
    .mutation(({ ctx, input }) => withdrawThreshold(ctx, ctx.scope, input)),
  decideThreshold: projectProcedure("monitoring.sign_threshold")
    .input(decideThresholdInput)
    .mutation(({ ctx, input }) => decideThreshold(ctx, ctx.scope, input)),
  acknowledge: projectProcedure("monitoring.acknowledge")
    .input(acknowledgeInput)
    .mutation(({ ctx, input }) => acknowledgeAlert(ctx, ctx.scope, input)),
});
