import { and, eq } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { experiments } from "@/db/schema/experiments";
import { AppError } from "@/domain/errors";
import { experimentNumberOf } from "@/domain/experiments/identifiers";
import { newId } from "../ids";

export type Experiment = typeof experiments.$inferSelect;

/** The id that clients see: the default experiment is "0" in every project. */
export function experimentIdOf(experiment: Pick<Experiment, "number" | "isDefault">): string {
  return experiment.isDefault ? "0" : String(experiment.number);
}

/** The project's default experiment, which exists as soon as somebody asks for it. */
export async function defaultExperiment(db: Executor, projectId: string): Promise<Experiment> {
  const isDefault = and(eq(experiments.projectId, projectId), eq(experiments.isDefault, true));
  const [known] = await db.select().from(experiments).where(isDefault);
  if (known) return known;
  const now = Date.now();
  await db
    .insert(experiments)
    .values({ id: newId(), projectId, name: "Default", isDefault: true, createdMs: now, updatedMs: now })
    .onConflictDoNothing();
  const [made] = await db.select().from(experiments).where(isDefault);
  if (!made)
    throw new AppError(
      "conflict",
      "default_experiment",
      "An experiment named Default stands in the way of the project's own. Rename it.",
    );
  return made;
}

/** An experiment of the project by the id that clients see; another project's is not found. */
export async function experimentById(db: Executor, projectId: string, id: string): Promise<Experiment> {
  if (id === "0") return defaultExperiment(db, projectId);
  const number = experimentNumberOf(id);
  const [found] =
    number === null
      ? []
      : await db
          .select()
          .from(experiments)
          .where(and(eq(experiments.projectId, projectId), eq(experiments.number, number)));
  if (!found) throw new AppError("not_found", "experiment", `No Experiment with id=${id} exists`);
  return found;
}

export async function experimentByName(db: Executor, projectId: string, name: string): Promise<Experiment | null> {
  if (name === "Default") return defaultExperiment(db, projectId);
  const [found] = await db
    .select()
    .from(experiments)
    .where(and(eq(experiments.projectId, projectId), eq(experiments.name, name)));
  return found ?? null;
}

/** Refuses what would write into a deleted experiment. */
export function assertActive(experiment: Experiment): void {
  if (experiment.lifecycle === "active") return;
  throw new AppError(
    "invalid_input",
    "experiment_deleted",
    `The experiment ${experimentIdOf(experiment)} must be in the 'active' state. Current state is deleted.`,
  );
}
