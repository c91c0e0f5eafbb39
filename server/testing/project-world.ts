import { memberships, organisations, users } from "@/db/schema/identity";
import { projectCounters, projects } from "@/db/schema/projects";
import { environments } from "@/db/schema/promotions";
import type { Permission } from "@/domain/identity/policy";
import type { Role } from "@/domain/identity/roles";
import type { Actor } from "../authz/actor";
import { authorize } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { newId } from "../ids";
import { createCaller } from "../trpc/root";

export type Member = Awaited<ReturnType<World["member"]>>;

/** A project of its own for one test, with people who act through the same router as the pages. */
export class World {
  private constructor(
    readonly ctx: ServiceContext,
    readonly organisationId: string,
    readonly project: { readonly id: string; readonly slug: string },
  ) {}

  get db() {
    return this.ctx.db;
  }

  static async create(ctx: ServiceContext): Promise<World> {
    const organisationId = newId();
    await ctx.db.insert(organisations).values({ id: organisationId, name: "Test" });
    return World.projectIn(ctx, organisationId);
  }

  /** Another project of the same organisation. */
  neighbour(): Promise<World> {
    return World.projectIn(this.ctx, this.organisationId);
  }

  private static async projectIn(ctx: ServiceContext, organisationId: string): Promise<World> {
    const founder = newId();
    await ctx.db.insert(users).values({
      id: founder,
      organisationId,
      name: "Founder",
      email: `founder-${founder}@example.test`,
      standing: "ADM",
    });
    const id = newId();
    const slug = `project-${id.slice(-8)}`;
    await ctx.db
      .insert(projects)
      .values({ id, organisationId, slug, name: `Project ${id.slice(-8)}`, createdBy: founder });
    await ctx.db.insert(projectCounters).values({ projectId: id });
    await ctx.db.insert(environments).values([
      { id: newId(), projectId: id, name: "staging", requires: null },
      { id: newId(), projectId: id, name: "production", requires: "staging" },
    ]);
    return new World(ctx, organisationId, { id, slug });
  }

  /** A person with the given roles in the project; with none, a colleague who is a stranger to it. */
  async member(...roles: Role[]) {
    const id = newId();
    const name = `Person ${id.slice(-6)}`;
    await this.db.insert(users).values({ id, organisationId: this.organisationId, name, email: `${id}@example.test` });
    if (roles.length > 0)
      await this.db.insert(memberships).values(roles.map((role) => ({ projectId: this.project.id, userId: id, role })));
    const actor: Actor = {
      kind: "person",
      userId: id,
      organisationId: this.organisationId,
      name,
      sessionId: newId(),
      token: null,
    };
    return {
      id,
      name,
      actor,
      api: createCaller({ ...this.ctx, actor }),
      scope: <P extends Permission>(permission: P) => authorize(this.ctx, actor, permission, this.project.id),
    };
  }
}
