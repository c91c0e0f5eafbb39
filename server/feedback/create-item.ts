import { and, eq } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { datasets, datasetVersions } from "@/db/schema/data";
import { experimentRuns } from "@/db/schema/experiments";
import { monitorChecks, monitors } from "@/db/schema/monitoring";
import { registeredModels } from "@/db/schema/registry";
import { AppError } from "@/domain/errors";
import type { CreateItem, ItemOriginInput } from "@/domain/feedback/contracts";
import { dueAt } from "@/domain/feedback/finding-text";
import type { FeedbackOrigin } from "@/domain/feedback/types";
import type { LineageNode } from "@/domain/lineage/types";
import { windowName } from "@/domain/monitoring/windows";
import { recordingRefusal } from "../audit/record-refusal";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { newId } from "../ids";
import { recordLineage } from "../lineage/record-lineage";
import { publishEvent } from "../notifications/publish-event";
import { insertItem } from "./insert-item";

type Source = { readonly origin: FeedbackOrigin; readonly node: LineageNode | null };

/** What the item comes from, as it stands in the project: names are copied, ids of elsewhere are not found. */
async function sourceOf(db: Executor, projectId: string, input: ItemOriginInput): Promise<Source> {
  if (input.kind === "free") return { origin: { kind: "free" }, node: null };
  if (input.kind === "experiment_run") {
    const [run] = await db
      .select({ name: experimentRuns.name })
      .from(experimentRuns)
      .where(and(eq(experimentRuns.id, input.runId), eq(experimentRuns.projectId, projectId)));
    if (!run) throw new AppError("not_found", "run", "There is no such experiment run.");
    return {
      origin: { kind: "experiment_run", runId: input.runId, name: run.name },
      node: { kind: "experiment_run", reference: input.runId, label: run.name },
    };
  }
  if (input.kind === "monitor_check") return checkSource(db, projectId, input.checkId);
  const [found] = await db
    .select({ dataset: datasets.name, version: datasetVersions.version, schema: datasetVersions.schema })
    .from(datasetVersions)
    .innerJoin(datasets, eq(datasets.id, datasetVersions.datasetId))
    .where(and(eq(datasetVersions.id, input.datasetVersionId), eq(datasetVersions.projectId, projectId)));
  if (!found) throw new AppError("not_found", "dataset_version", "There is no such dataset version.");
  const { dataset, version, schema } = found;
  if (input.column !== null && !schema.some((column) => column.name === input.column))
    throw new AppError("invalid_input", "column", `${dataset} v${version} has no column ${input.column}.`);
  return {
    origin: {
      kind: "dataset_column",
      dataset,
      version,
      datasetVersionId: input.datasetVersionId,
      column: input.column,
    },
    node: { kind: "dataset_version", reference: input.datasetVersionId, label: `${dataset} v${version}` },
  };
}

async function checkSource(db: Executor, projectId: string, checkId: string): Promise<Source> {
  const [found] = await db
    .select({ check: monitorChecks, number: monitors.number, model: registeredModels.name })
    .from(monitorChecks)
    .innerJoin(monitors, eq(monitors.id, monitorChecks.monitorId))
    .innerJoin(registeredModels, eq(registeredModels.id, monitors.modelId))
    .where(and(eq(monitorChecks.id, checkId), eq(monitorChecks.projectId, projectId)));
  if (!found) throw new AppError("not_found", "monitor_check", "There is no such check.");
  const { check, number, model } = found;
  if (check.details.kind !== "inputs")
    throw new AppError("precondition_failed", "quality_check", "A decline in quality is reported by its alert.");
  return {
    origin: {
      kind: "monitor_check",
      checkId,
      monitorNumber: number,
      model,
      windowStart: check.windowStart.toISOString(),
      windowEnd: check.windowEnd.toISOString(),
      warnings: check.details.warnings,
    },
    node: {
      kind: "monitor_check",
      reference: checkId,
      label: `Inputs and service, ${windowName(check.windowStart)}`,
    },
  };
}

/** Opens an item by hand: a data request (F1), an idea for a rule (F2) or what a check warned of (F4). Its receivers are told. */
export function createItem(ctx: ServiceContext, scope: Scope<"feedback.create">, input: CreateItem) {
  const tried = {
    action: "feedback.create_refused",
    entity: { kind: "project", id: scope.projectId },
    summary: `was refused to open ${input.kind}`,
  };
  return recordingRefusal(ctx, scope, tried, () => openItem(ctx, scope, input));
}

async function openItem(
  ctx: ServiceContext,
  scope: Scope<"feedback.create">,
  input: CreateItem,
): Promise<{ readonly id: string; readonly number: number }> {
  const { projectId } = scope;
  const { origin, node } = await sourceOf(ctx.db, projectId, input.origin);
  return ctx.db.transaction(async (tx) => {
    const id = newId();
    if (node) {
      const to: LineageNode = { kind: "feedback_item", reference: id, label: input.title };
      await recordLineage(tx, projectId, [{ from: node, to, kind: "reported_as" }]);
    }
    const number = await insertItem(
      tx,
      { ctx, scope },
      {
        id,
        kind: input.kind,
        title: input.title,
        body: input.body,
        origin,
        alertId: null,
        dueAt: dueAt(ctx.clock(), input.dueInDays),
      },
    );
    await publishEvent(tx, projectId, "feedback", id);
    return { id, number };
  });
}
