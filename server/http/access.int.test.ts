import type { Hono } from "hono";
import { describe, expect } from "vitest";
import { can, refusalSentence } from "@/domain/identity/policy";
import { ROLES, type Role } from "@/domain/identity/roles";
import type { TokenScope } from "../authz/actor";
import { mintRunToken, newRunSecret } from "../identity/run-tokens";
import { newId } from "../ids";
import { actorWith, isPermission, refusals, rowCounts } from "../testing/access";
import { test, World } from "../testing/world";
import { createCaller } from "../trpc/root";
import { createHttpApp } from "./app";

describe("HTTP routes", () => {
  const fill = (path: string, projectId: string) =>
    path
      .replace(":projectId", projectId)
      .replaceAll(/:(\w+)(\{[^}]*\})?/g, newId())
      .replaceAll("*", "x");

  type Route = { readonly method: string; readonly path: string };

  async function request(world: World, app: Hono, route: Route, token: string | null) {
    const stop = new AbortController();
    const headers: Record<string, string> = {
      "content-type": "application/json",
      "x-countersign-project": world.project.id,
    };
    if (token) headers.authorization = `Bearer ${token}`;
    const body = route.method === "GET" ? null : "{}";
    const response = await app.request(fill(route.path, world.project.id), {
      method: route.method,
      headers,
      body,
      signal: stop.signal,
    });
    const text = response.status >= 400 ? await response.text() : "";
    await response.body?.cancel().catch(() => undefined);
    stop.abort();
    return { status: response.status, text };
  }

  async function tokenFor(world: World, role: Role): Promise<string> {
    const actor = await actorWith(world, role);
    if (actor.kind === "service") {
      const admin = createCaller({ ...world.ctx, actor: await actorWith(world, "ADM") });
      const input = {
        projectId: world.project.id,
        serviceId: actor.userId,
        name: "t",
        scopes: ["read", "write", "predict"] as ("read" | "write" | "predict")[],
        expiresInDays: 1,
      };
      return (await admin.identity.createServiceToken(input)).token;
    }
    const scopes = ["read", "write", "predict", "sign"] as TokenScope[];
    return (
      await createCaller({ ...world.ctx, actor }).identity.createToken({
        projectId: world.project.id,
        name: "t",
        scopes,
        expiresInDays: 1,
      })
    ).token;
  }

  test("each is declared, and only these need nobody", ({ world }) => {
    const { app, declared } = createHttpApp(world.ctx);
    const names = new Set(declared.map(({ method, path }) => `${method} ${path}`));
    expect(app.routes.map(({ method, path }) => `${method} ${path}`).filter((name) => !names.has(name))).toEqual([]);
    const open = declared.filter(({ access }) => access === "public").map(({ method, path }) => `${method} ${path}`);
    expect(open.filter((name) => !["GET /health", "GET /version"].includes(name))).toEqual([]);
  });

  test.for(ROLES)(
    "%s may call what the matrix allows; a refusal changes no row",
    { timeout: 60_000 },
    async (role, { world }) => {
      const token = await tokenFor(world, role);
      const { app, declared } = createHttpApp(world.ctx);
      const before = await rowCounts(world);
      const guarded = declared.flatMap((route) =>
        isPermission(route.access) ? [{ ...route, permission: route.access }] : [],
      );
      for (const route of guarded.filter(({ permission }) => !can([role], permission))) {
        const rows = await refusals(world);
        const name = `${role} calls ${route.method} ${route.path}`;
        const { status, text } = await request(world, app, route, token);
        expect(status, `${name}: ${text}`).toBe(403);
        expect((await refusals(world)) - rows, `${name}: audit rows`).toBe(route.method === "GET" ? 0 : 1);
        expect(await rowCounts(world), name).toEqual(before);
      }
      for (const route of guarded.filter(({ permission }) => can([role], permission))) {
        const { status, text } = await request(world, app, route, token);
        const lacking = refusalSentence([], route.permission) ?? "";
        const name = `${role} calls ${route.method} ${route.path}: ${status} ${text}`;
        expect(status === 401 || (status === 403 && text.includes(lacking)), name).toBe(false);
      }
    },
  );

  test("a step's token reaches experiments and the registry alone: forbidden on every route of data", async ({
    world,
  }) => {
    const { secret, sha256 } = newRunSecret();
    await mintRunToken(world.ctx, {
      projectId: world.project.id,
      runId: newId(),
      attemptId: newId(),
      experimentRunId: null,
      sha256,
    });
    const { app, declared } = createHttpApp(world.ctx);
    const others = declared.filter(
      ({ access }) => isPermission(access) && !access.startsWith("experiments.") && !access.startsWith("registry."),
    );
    expect(others.some(({ access }) => access.startsWith("data."))).toBe(true);
    for (const route of others) {
      const { status, text } = await request(world, app, route, secret);
      expect([status, text.includes("run_token")], `${route.method} ${route.path}: ${text}`).toEqual([403, true]);
    }
  });

  test("a stranger's token finds nothing, no token is refused, and no row changes", { timeout: 60_000 }, async ({
    world,
    service,
  }) => {
    const elsewhere = await World.create(service);
    const strangers = [await tokenFor(elsewhere, "R7"), await tokenFor(await world.neighbour(), "R7")];
    const [stranger] = strangers;
    const { app, declared } = createHttpApp(world.ctx);
    const before = await rowCounts(world);
    for (const route of declared) {
      if (route.access === "public") continue;
      const name = `${route.method} ${route.path}`;
      expect((await request(world, app, route, null)).status, name).toBe(401);
      expect((await request(world, app, route, `${stranger}x`)).status, name).toBe(401);
      if (!isPermission(route.access)) continue;
      for (const token of strangers) expect((await request(world, app, route, token)).status, name).toBe(404);
    }
    expect(await rowCounts(world)).toEqual(before);
  });
});
