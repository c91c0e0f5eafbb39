import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { create } from "tar";
import { approvals } from "@/db/schema/approvals";
import { alerts, monitorChecks, monitors, thresholdVersions } from "@/db/schema/monitoring";
import type { InputDetails } from "@/domain/monitoring/types";
import { newId } from "../ids";
import { pushPipeline } from "../pipelines/push-pipeline";
import { nextNumber } from "../projects/next-number";
import { registerFixture } from "./models";
import type { Member, World } from "./world";

const DAY_MS = 86_400_000;

const INPUTS: InputDetails = {
  kind: "inputs",
  reference: null,
  noReference: "The version was trained outside of the platform.",
  features: [],
  latencyMs: null,
  requests: 92,
  failed: 0,
  refused: 0,
  warnings: ["PSI of wind is 0.4."],
};

export const RETRAIN_DEFINITION = `name: retrain
kind: production
parameters:
  first_day: { type: date, default: 2012-01-01 }
  last_day: { type: date, default: 2012-12-31 }
steps:
  train: { shell: 'true' }
`;

/** Pushes a definition that has no other file. */
export async function pushDefinition(world: World, engineer: Member, definition = RETRAIN_DEFINITION) {
  const folder = await mkdtemp(path.join(os.tmpdir(), "countersign-push-"));
  try {
    await writeFile(path.join(folder, "pipeline.yaml"), definition);
    const archive = path.join(folder, "bundle.tgz");
    await create({ file: archive, cwd: folder, gzip: true, portable: true }, ["pipeline.yaml"]);
    const scope = await engineer.scope("pipelines.push");
    return await pushPipeline(world.ctx, scope, { definition: "pipeline.yaml", dirty: true, archive });
  } finally {
    await rm(folder, { recursive: true });
  }
}

export type WatchedModel = {
  readonly modelId: string;
  readonly modelVersionId: string;
  readonly name: string;
  readonly monitorId: string;
  readonly thresholdVersionId: string;
  readonly ownerId: string;
};

/** A registered version of the small real model, with an active monitor on it and a threshold. */
export async function watchedModel(world: World, owner: Member): Promise<WatchedModel> {
  const projectId = world.project.id;
  const { id: modelVersionId, modelId, name } = await registerFixture(world, { name: `rain-${newId().slice(-6)}` });
  const [monitorId, thresholdVersionId, approvalId] = [newId(), newId(), newId()];
  const now = world.ctx.clock();
  await world.db.insert(monitors).values({
    id: monitorId,
    projectId,
    number: await nextNumber(world.db, projectId),
    modelId,
    environment: "production",
    metric: "accuracy",
    labelDelayDays: 2,
    minimumCoverage: 0.95,
    intervalSeconds: 60,
    ownerId: owner.id,
    createdBy: owner.id,
    updatedAt: now,
  });
  await world.db.insert(approvals).values({
    id: approvalId,
    projectId,
    subjectKind: "threshold",
    subjectId: thresholdVersionId,
    subjectDigest: "0",
    target: "production",
    policyVersion: "v1",
    requiredRoles: ["R7", "R3"],
    state: "approved",
    openedBy: owner.id,
    deadlineAt: now,
    closedAt: now,
  });
  await world.db.insert(thresholdVersions).values({
    id: thresholdVersionId,
    projectId,
    monitorId,
    version: 1,
    limits: { qualityFloor: 0.65, driftLimit: 0.25, missingLimit: null, latencyLimitMs: null, failureLimit: null },
    digest: "0",
    state: "active",
    approvalId,
    proposedBy: owner.id,
    activatedAt: now,
  });
  return { modelId, modelVersionId, name, monitorId, thresholdVersionId, ownerId: owner.id };
}

/**
 * An alert as the check leaves it: one judged quarter under the floor, firing. Quarters are counted from Q4 2013. Of a
 * monitor one alert is open at most; `isResolved` makes one that a later quarter has resolved already.
 */
export async function firingAlert(
  world: World,
  model: WatchedModel,
  about: { readonly quarter?: number; readonly kind?: "quality" | "inputs"; readonly isResolved?: boolean } = {},
) {
  const projectId = world.project.id;
  const { modelId, modelVersionId, monitorId, thresholdVersionId } = model;
  const [checkId, alertId] = [newId(), newId()];
  const start = new Date(Date.UTC(2013, 9 + 3 * (about.quarter ?? 0), 1));
  const end = new Date(Date.UTC(2013, 12 + 3 * (about.quarter ?? 0), 1));
  const shared = { projectId, monitorId, modelVersionId, windowStart: start, windowEnd: end, limit: 0.65, rows: 92 };
  const kind = about.kind ?? "quality";
  await world.db.insert(monitorChecks).values({
    ...shared,
    id: checkId,
    thresholdVersionId,
    kind,
    asOf: new Date(end.getTime() + 2 * DAY_MS),
    labelled: 92,
    coverage: 1,
    value: 0.576,
    lower: 0.47,
    upper: 0.676,
    verdict: "fail",
    details: kind === "quality" ? { kind, pValue: 0.14, versions: [] } : INPUTS,
    checkedAt: world.ctx.clock(),
  });
  const number = await nextNumber(world.db, projectId);
  await world.db.insert(alerts).values({
    ...shared,
    id: alertId,
    number,
    checkId,
    modelId,
    environment: "production",
    metric: kind === "quality" ? "accuracy" : "psi",
    value: 0.576,
    lower: 0.47,
    upper: 0.676,
    coverage: 1,
    state: about.isResolved ? "resolved" : "firing",
    resolvedAt: about.isResolved ? world.ctx.clock() : null,
    ownerId: model.ownerId,
    firedAt: world.ctx.clock(),
  });
  return { projectId, alertId, checkId, number };
}
