import { and, eq } from "drizzle-orm";
import { deployments, trafficStops } from "@/db/schema/deployments";
import { environments } from "@/db/schema/promotions";
import { DEPLOYMENTS_CHANNEL } from "@/domain/deployments/channel";
import type { EnvironmentName } from "@/domain/promotions/status";
import { newId } from "../ids";
import type { registerFixture } from "./models";
import type { World } from "./world";

type Model = Awaited<ReturnType<typeof registerFixture>>;
let number = 0;

/** Rows as the promotion's verbs write them, for tests of what a gateway makes of them. */
export class Deployments {
  constructor(private readonly world: World) {}

  async environment(name: EnvironmentName): Promise<string> {
    const [row] = await this.world.db
      .select({ id: environments.id })
      .from(environments)
      .where(and(eq(environments.projectId, this.world.project.id), eq(environments.name, name)));
    if (!row) throw new Error("The environment is missing.");
    return row.id;
  }

  async create(
    model: Model,
    state: "pending" | "active" = "active",
    environment: EnvironmentName = "production",
  ): Promise<string> {
    const id = newId();
    number += 1;
    await this.world.db.insert(deployments).values({
      id,
      projectId: this.world.project.id,
      number,
      environmentId: await this.environment(environment),
      modelId: model.modelId,
      modelVersionId: model.id,
      kind: "promotion",
      state,
    });
    await this.notify();
    return id;
  }

  /** One transaction, as an activation does it. */
  async replace(oldId: string, newId: string): Promise<void> {
    await this.world.db.transaction(async (tx) => {
      await tx.update(deployments).set({ state: "replaced" }).where(eq(deployments.id, oldId));
      await tx.update(deployments).set({ state: "active" }).where(eq(deployments.id, newId));
    });
    await this.notify();
  }

  async setTraffic(model: Model, isStopped: boolean, changedBy: string, reason = "Wrong answers"): Promise<void> {
    const row = {
      environmentId: await this.environment("production"),
      modelId: model.modelId,
      projectId: this.world.project.id,
      isStopped,
      reason,
      changedBy,
      changedAt: new Date(),
    };
    await this.world.db
      .insert(trafficStops)
      .values(row)
      .onConflictDoUpdate({ target: [trafficStops.environmentId, trafficStops.modelId], set: row });
    await this.notify();
  }

  async notify(): Promise<void> {
    await this.world.ctx.sql.notify(DEPLOYMENTS_CHANNEL, "");
  }
}
