import { and, eq, inArray, ne } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { datasets, datasetVersions } from "@/db/schema/data";
import { experimentRuns, experiments } from "@/db/schema/experiments";
import { featureViews, featureViewVersions, materializations } from "@/db/schema/features";
import { feedbackItems, retrainingTriggers } from "@/db/schema/feedback";
import { alerts, monitorChecks, monitors, thresholdVersions } from "@/db/schema/monitoring";
import { pipelineRuns, pipelines } from "@/db/schema/pipelines";
import { promotions } from "@/db/schema/promotions";
import { modelVersions, registeredModels } from "@/db/schema/registry";
import { reviews, reviewThreads } from "@/db/schema/reviews";

/** Which screen shows an entity; the pages make the address of it. */
export type Target =
  | { readonly screen: "monitors" }
  | { readonly screen: "monitor" | "alert"; readonly number: number }
  | { readonly screen: "retraining" }
  | { readonly screen: "feedbackItem"; readonly number: number }
  | { readonly screen: "project" | "promotions" | "deployments" }
  | { readonly screen: "promotion" | "pipelineRun"; readonly number: number }
  | { readonly screen: "reviews" }
  | { readonly screen: "review"; readonly number: number; readonly thread: string | null }
  | { readonly screen: "experimentRun"; readonly id: string }
  | { readonly screen: "audit" }
  | { readonly screen: "dataset" | "pipeline" | "experiment"; readonly name: string }
  | { readonly screen: "featureView"; readonly name: string; readonly version: number }
  | { readonly screen: "modelVersion"; readonly name: string; readonly version: number };

export type Entity = { readonly kind: string; readonly id: string };

const FIXED: Readonly<Record<string, Target>> = {
  project: { screen: "project" },
  problem_statement: { screen: "project" },
  ml_problem: { screen: "project" },
  policy_version: { screen: "promotions" },
  retraining_policy: { screen: "retraining" },
  deployment: { screen: "deployments" },
  labels: { screen: "monitors" },
  audit_export: { screen: "audit" },
  slice: { screen: "reviews" },
};

type Found = readonly (readonly [id: string, target: Target])[];
type Lookup = (db: Executor, ids: string[]) => Promise<Found>;

/** One query a kind, however many entities. */
const LOOKUPS: Readonly<Record<string, Lookup>> = {
  promotion: async (db, ids) => {
    const rows = await db
      .select({ id: promotions.id, number: promotions.number })
      .from(promotions)
      .where(inArray(promotions.id, ids));
    return rows.map(({ id, number }) => [id, { screen: "promotion", number }]);
  },
  feedback_item: async (db, ids) => {
    const rows = await db
      .select({ id: feedbackItems.id, number: feedbackItems.number })
      .from(feedbackItems)
      .where(inArray(feedbackItems.id, ids));
    return rows.map(({ id, number }) => [id, { screen: "feedbackItem", number }]);
  },
  retraining_trigger: async (db, ids) => {
    const rows = await db
      .select({ id: retrainingTriggers.id, number: feedbackItems.number })
      .from(retrainingTriggers)
      .innerJoin(feedbackItems, eq(feedbackItems.id, retrainingTriggers.itemId))
      .where(inArray(retrainingTriggers.id, ids));
    return rows.map(({ id, number }) => [id, { screen: "feedbackItem", number }]);
  },
  review: async (db, ids) => {
    const rows = await db
      .select({ id: reviews.id, number: reviews.number })
      .from(reviews)
      .where(inArray(reviews.id, ids));
    return rows.map(({ id, number }) => [id, { screen: "review", number, thread: null }]);
  },
  review_thread: async (db, ids) => {
    const rows = await db
      .select({ id: reviewThreads.id, number: reviews.number })
      .from(reviewThreads)
      .innerJoin(reviews, eq(reviews.id, reviewThreads.reviewId))
      .where(inArray(reviewThreads.id, ids));
    return rows.map(({ id, number }) => [id, { screen: "review", number, thread: id }]);
  },
  monitor: async (db, ids) => {
    const rows = await db
      .select({ id: monitors.id, number: monitors.number })
      .from(monitors)
      .where(and(inArray(monitors.id, ids), ne(monitors.state, "deleted")));
    return rows.map(({ id, number }) => [id, { screen: "monitor", number }]);
  },
  threshold: async (db, ids) => {
    const rows = await db
      .select({ id: thresholdVersions.id, number: monitors.number })
      .from(thresholdVersions)
      .innerJoin(monitors, eq(monitors.id, thresholdVersions.monitorId))
      .where(and(inArray(thresholdVersions.id, ids), ne(monitors.state, "deleted")));
    return rows.map(({ id, number }) => [id, { screen: "monitor", number }]);
  },
  monitor_check: async (db, ids) => {
    const rows = await db
      .select({ id: monitorChecks.id, number: monitors.number })
      .from(monitorChecks)
      .innerJoin(monitors, eq(monitors.id, monitorChecks.monitorId))
      .where(and(inArray(monitorChecks.id, ids), ne(monitors.state, "deleted")));
    return rows.map(({ id, number }) => [id, { screen: "monitor", number }]);
  },
  alert: async (db, ids) => {
    const rows = await db.select({ id: alerts.id, number: alerts.number }).from(alerts).where(inArray(alerts.id, ids));
    return rows.map(({ id, number }) => [id, { screen: "alert", number }]);
  },
  pipeline_run: async (db, ids) => {
    const rows = await db
      .select({ id: pipelineRuns.id, number: pipelineRuns.number })
      .from(pipelineRuns)
      .where(inArray(pipelineRuns.id, ids));
    return rows.map(({ id, number }) => [id, { screen: "pipelineRun", number }]);
  },
  experiment_run: async (db, ids) => {
    const rows = await db.select({ id: experimentRuns.id }).from(experimentRuns).where(inArray(experimentRuns.id, ids));
    return rows.map(({ id }) => [id, { screen: "experimentRun", id }]);
  },
  pipeline: async (db, ids) => {
    const rows = await db
      .select({ id: pipelines.id, name: pipelines.name })
      .from(pipelines)
      .where(inArray(pipelines.id, ids));
    return rows.map(({ id, name }) => [id, { screen: "pipeline", name }]);
  },
  experiment: async (db, ids) => {
    const rows = await db
      .select({ id: experiments.id, name: experiments.name })
      .from(experiments)
      .where(inArray(experiments.id, ids));
    return rows.map(({ id, name }) => [id, { screen: "experiment", name }]);
  },
  dataset: async (db, ids) => {
    const rows = await db
      .select({ id: datasets.id, name: datasets.name })
      .from(datasets)
      .where(inArray(datasets.id, ids));
    return rows.map(({ id, name }) => [id, { screen: "dataset", name }]);
  },
  dataset_version: async (db, ids) => {
    const rows = await db
      .select({ id: datasetVersions.id, name: datasets.name })
      .from(datasetVersions)
      .innerJoin(datasets, eq(datasets.id, datasetVersions.datasetId))
      .where(inArray(datasetVersions.id, ids));
    return rows.map(({ id, name }) => [id, { screen: "dataset", name }]);
  },
  feature_view_version: async (db, ids) => {
    const rows = await db
      .select({ id: featureViewVersions.id, name: featureViews.name, version: featureViewVersions.version })
      .from(featureViewVersions)
      .innerJoin(featureViews, eq(featureViews.id, featureViewVersions.viewId))
      .where(inArray(featureViewVersions.id, ids));
    return rows.map(({ id, name, version }) => [id, { screen: "featureView", name, version }]);
  },
  materialization: async (db, ids) => {
    const rows = await db
      .select({ id: materializations.id, name: featureViews.name, version: featureViewVersions.version })
      .from(materializations)
      .innerJoin(featureViewVersions, eq(featureViewVersions.id, materializations.viewVersionId))
      .innerJoin(featureViews, eq(featureViews.id, featureViewVersions.viewId))
      .where(inArray(materializations.id, ids));
    return rows.map(({ id, name, version }) => [id, { screen: "featureView", name, version }]);
  },
  model_version: async (db, ids) => {
    const rows = await db
      .select({ id: modelVersions.id, name: registeredModels.name, version: modelVersions.version })
      .from(modelVersions)
      .innerJoin(registeredModels, eq(registeredModels.id, modelVersions.modelId))
      .where(inArray(modelVersions.id, ids));
    return rows.map(({ id, name, version }) => [id, { screen: "modelVersion", name, version }]);
  },
};

/** The screens of entities, by id. An entity that has none, or is gone, is absent. */
export async function targetsOf(db: Executor, entities: readonly Entity[]): Promise<ReadonlyMap<string, Target>> {
  const idsByKind = new Map<string, Set<string>>();
  for (const { kind, id } of entities) idsByKind.set(kind, (idsByKind.get(kind) ?? new Set()).add(id));
  const found = await Promise.all(
    [...idsByKind].map(async ([kind, ids]): Promise<Found> => {
      const fixed = FIXED[kind];
      if (fixed) return [...ids].map((id) => [id, fixed]);
      return (await LOOKUPS[kind]?.(db, [...ids])) ?? [];
    }),
  );
  return new Map(found.flat());
}
