import { and, eq, inArray, ne } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { datasets, datasetVersions, validationReports } from "@/db/schema/data";
import { trainingSets } from "@/db/schema/features";
import { monitors } from "@/db/schema/monitoring";
import { pipelineRuns, pipelines, pipelineVersions } from "@/db/schema/pipelines";
import { promotionEvidence, promotions } from "@/db/schema/promotions";
import { modelEvaluations, modelVersions, registeredModels } from "@/db/schema/registry";
import type { LineageNode } from "@/domain/lineage/types";
import { type Target, targetsOf } from "../notifications/targets";

type Node = Pick<LineageNode, "kind" | "reference"> & { readonly id: string };
type Found = readonly (readonly [reference: string, target: Target])[];
type Lookup = (db: Executor, projectId: string, references: string[]) => Promise<Found>;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Kinds whose reference is no row's id: a digest, or a place and a time. */
const OTHER_REFERENCES: ReadonlySet<LineageNode["kind"]> = new Set(["evidence", "prediction_window"]);

/** Kinds that exist in the graph alone, or that are known there by another reference than elsewhere. */
const LOOKUPS: Readonly<Partial<Record<LineageNode["kind"], Lookup>>> = {
  source_bundle: async (db, projectId, ids) => {
    const rows = await db
      .select({ id: pipelineVersions.bundleId, name: pipelines.name })
      .from(pipelineVersions)
      .innerJoin(pipelines, eq(pipelines.id, pipelineVersions.pipelineId))
      .where(and(eq(pipelineVersions.projectId, projectId), inArray(pipelineVersions.bundleId, ids)));
    return rows.map(({ id, name }) => [id, { screen: "pipeline", name }]);
  },
  validation_report: async (db, projectId, ids) => {
    const rows = await db
      .select({ id: validationReports.id, name: datasets.name })
      .from(validationReports)
      .innerJoin(datasetVersions, eq(datasetVersions.id, validationReports.datasetVersionId))
      .innerJoin(datasets, eq(datasets.id, datasetVersions.datasetId))
      .where(and(eq(validationReports.projectId, projectId), inArray(validationReports.id, ids)));
    return rows.map(({ id, name }) => [id, { screen: "dataset", name }]);
  },
  training_set: async (db, projectId, ids) => {
    const rows = await db
      .select({ id: trainingSets.id, number: pipelineRuns.number })
      .from(trainingSets)
      .innerJoin(pipelineRuns, eq(pipelineRuns.id, trainingSets.runId))
      .where(and(eq(trainingSets.projectId, projectId), inArray(trainingSets.id, ids)));
    return rows.map(({ id, number }) => [id, { screen: "pipelineRun", number }]);
  },
  evaluation: async (db, projectId, ids) => {
    const rows = await db
      .select({ id: modelEvaluations.id, name: registeredModels.name, version: modelVersions.version })
      .from(modelEvaluations)
      .innerJoin(modelVersions, eq(modelVersions.id, modelEvaluations.modelVersionId))
      .innerJoin(registeredModels, eq(registeredModels.id, modelVersions.modelId))
      .where(and(eq(modelEvaluations.projectId, projectId), inArray(modelEvaluations.id, ids)));
    return rows.map(({ id, name, version }) => [id, { screen: "modelVersion", name, version }]);
  },
  // Its reference is model, environment and first day: the monitor that watches there shows it.
  prediction_window: async (db, projectId, references) => {
    const models = references.map((reference) => reference.slice(0, 36)).filter((id) => UUID.test(id));
    const rows = await db
      .select({ number: monitors.number, modelId: monitors.modelId, environment: monitors.environment })
      .from(monitors)
      .where(and(eq(monitors.projectId, projectId), inArray(monitors.modelId, models), ne(monitors.state, "deleted")))
      .orderBy(monitors.number);
    return references.flatMap((reference) => {
      const watching = rows.find((row) => reference.startsWith(`${row.modelId}:${row.environment}:`));
      return watching ? [[reference, { screen: "monitor", number: watching.number }] as const] : [];
    });
  },
  evidence: async (db, projectId, digests) => {
    const rows = await db
      .select({ digest: promotionEvidence.digest, number: promotions.number })
      .from(promotionEvidence)
      .innerJoin(promotions, eq(promotions.id, promotionEvidence.promotionId))
      .where(and(eq(promotionEvidence.projectId, projectId), inArray(promotionEvidence.digest, digests)));
    return rows.map(({ digest, number }) => [digest, { screen: "promotion", number }]);
  },
};

/** Where audit and notifications have another word for the same row. */
const ENTITY_KINDS: Readonly<Partial<Record<LineageNode["kind"], string>>> = { feature_view: "feature_view_version" };

/** The screen of each node, by the node's id. A node that none shows, such as a file, is absent. */
export async function nodeTargets(
  db: Executor,
  projectId: string,
  nodes: readonly Node[],
): Promise<ReadonlyMap<string, Target>> {
  const own = new Map<LineageNode["kind"], Node[]>();
  const rest: Node[] = [];
  for (const node of nodes) {
    if (!OTHER_REFERENCES.has(node.kind) && !UUID.test(node.reference)) continue;
    if (LOOKUPS[node.kind]) own.set(node.kind, [...(own.get(node.kind) ?? []), node]);
    else rest.push(node);
  }
  const [common, ...special] = await Promise.all([
    targetsOf(
      db,
      rest.map(({ kind, reference }) => ({ kind: ENTITY_KINDS[kind] ?? kind, id: reference })),
    ),
    ...[...own].map(async ([kind, members]) => {
      const references = members.map((node) => node.reference);
      return new Map((await LOOKUPS[kind]?.(db, projectId, references)) ?? []);
    }),
  ]);
  const ofKind = new Map([...own.keys()].map((kind, index) => [kind, special[index]]));
  const targets = new Map<string, Target>();
  for (const node of nodes) {
    const target = (ofKind.get(node.kind) ?? common).get(node.reference);
    if (target) targets.set(node.id, target);
  }
  return targets;
}
