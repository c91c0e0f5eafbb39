import { eq } from "drizzle-orm";
import { expect } from "vitest";
import { runTokens, tokens } from "@/db/schema/identity";
import { AppError } from "@/domain/errors";
import { actorByToken, authenticate, isStillValid } from "../auth/authenticate";
import type { Actor } from "../authz/actor";
import { authorize } from "../authz/authorize";
import { newId } from "../ids";
import { test, World } from "../testing/world";
import { createCaller } from "../trpc/root";
import { mintRunToken, newRunSecret, type RunTokenFor, renewRunLease, revokeRunToken } from "./run-tokens";

type Scopes = ("read" | "write" | "predict" | "sign")[];

async function tokenOf(world: World, person: Awaited<ReturnType<World["member"]>>, scopes: Scopes) {
  return person.api.identity.createToken({ projectId: world.project.id, name: "script", scopes, expiresInDays: 1 });
}

async function byToken(world: World, secret: string): Promise<Actor> {
  const actor = await actorByToken(world.ctx, secret);
  if (!actor) throw new AppError("unauthenticated", "token");
  return actor;
}

test("a token is kept as a digest and works as bearer and as basic password", async ({ world }) => {
  const scientist = await world.member("R3");
  const { token, id } = await tokenOf(world, scientist, ["read"]);
  const [row] = await world.db.select().from(tokens).where(eq(tokens.id, id));
  expect(JSON.stringify(row)).not.toContain(token);
  for (const authorization of [`Bearer ${token}`, `Basic ${Buffer.from(`token:${token}`).toString("base64")}`]) {
    expect(
      await authenticate(world.ctx, new Request("http://localhost:3000/", { headers: { authorization } })),
    ).toMatchObject({ userId: scientist.id });
  }
});

test("a token's last use is kept to the minute and shown in the list", async ({ world }) => {
  const scientist = await world.member("R3");
  const { token } = await tokenOf(world, scientist, ["read"]);
  const lastUsed = async () => (await scientist.api.identity.tokens({}))[0]?.lastUsedAt;
  expect(await lastUsed()).toBeNull();
  const start = Date.now();
  const afterMs = (ms: number) => actorByToken({ ...world.ctx, clock: () => new Date(start + ms) }, token);
  await afterMs(0);
  await afterMs(59_000);
  expect(await lastUsed()).toEqual(new Date(start));
  await afterMs(61_000);
  expect(await lastUsed()).toEqual(new Date(start + 61_000));
});

test("an unknown, expired or revoked token is refused", async ({ world }) => {
  const scientist = await world.member("R3");
  const { token, id } = await tokenOf(world, scientist, ["read"]);
  const send = (secret: string) =>
    authenticate(world.ctx, new Request("http://localhost:3000/", { headers: { authorization: `Bearer ${secret}` } }));
  await expect(send(`${token}x`)).rejects.toMatchObject({ code: "unauthenticated" });
  const actor = await byToken(world, token);
  const later = { ...world.ctx, clock: () => new Date(Date.now() + 2 * 86_400_000) };
  expect(await actorByToken(later, token)).toBeNull();
  expect(await isStillValid(later, actor)).toBe(false);
  expect(await isStillValid(world.ctx, actor)).toBe(true);
  await scientist.api.identity.revokeToken({ tokenId: id });
  await expect(send(token)).rejects.toMatchObject({ code: "unauthenticated" });
  expect(await isStillValid(world.ctx, actor)).toBe(false);
});

test("scopes cut a token down; only an explicit one signs", async ({ world }) => {
  const engineer = await world.member("R7");
  const allowed = async (
    scopes: Scopes,
    permission: "projects.read" | "promotions.edit_policy" | "promotions.sign" | "serving.predict",
  ) => {
    const { token } = await tokenOf(world, engineer, scopes);
    return authorize(world.ctx, await byToken(world, token), permission, world.project.id).then(
      () => true,
      (error: AppError) => error.reason,
    );
  };
  expect(await allowed(["read", "write", "predict"], "promotions.sign")).toBe("token_scope");
  expect(await allowed(["sign"], "promotions.sign")).toBe(true);
  expect(await allowed(["read"], "promotions.edit_policy")).toBe("token_scope");
  expect(await allowed(["read"], "serving.predict")).toBe("token_scope");
  expect(await allowed(["predict"], "serving.predict")).toBe(true);
  expect(await allowed(["write"], "projects.read")).toBe("token_scope");
});

test("present roles cut a token down, and its project is the only one", async ({ world, service }) => {
  const [stakeholder, scientist] = [await world.member("R1"), await world.member("R3")];
  const { token } = await tokenOf(world, scientist, ["read", "write"]);
  const actor = await byToken(world, token);
  await authorize(world.ctx, actor, "experiments.write", world.project.id);
  const elsewhere = await World.create(service);
  await expect(authorize(world.ctx, actor, "projects.read", elsewhere.project.id)).rejects.toMatchObject({
    code: "not_found",
  });
  await stakeholder.api.identity.grantRole({ projectId: world.project.id, userId: scientist.id, role: "R5" });
  await stakeholder.api.identity.removeRole({ projectId: world.project.id, userId: scientist.id, role: "R3" });
  await expect(authorize(world.ctx, actor, "projects.edit_ml_problem", world.project.id)).rejects.toMatchObject({
    code: "forbidden",
  });
});

test("a token makes no token, and nobody makes one for a project of strangers or, as a plain member, for the organisation", async ({
  world,
  service,
}) => {
  const scientist = await world.member("R3");
  const { token } = await tokenOf(world, scientist, ["read", "write", "predict", "sign"]);
  const program = createCaller({ ...world.ctx, actor: await byToken(world, token) });
  const input = { name: "t", scopes: ["read"] as Scopes, expiresInDays: 1 };
  await expect(program.identity.createToken({ ...input, projectId: world.project.id })).rejects.toMatchObject({
    code: "FORBIDDEN",
  });
  await expect(program.identity.sessions()).rejects.toMatchObject({ code: "FORBIDDEN" });
  const elsewhere = await World.create(service);
  await expect(scientist.api.identity.createToken({ ...input, projectId: elsewhere.project.id })).rejects.toMatchObject(
    { code: "NOT_FOUND" },
  );
  await expect(scientist.api.identity.createToken({ ...input, projectId: null })).rejects.toMatchObject({
    code: "FORBIDDEN",
  });
});

test("a token for looking changes nothing, in procedures that ask for a sign-in alone too", async ({ world }) => {
  const scientist = await world.member("R3");
  const { token, id } = await tokenOf(world, scientist, ["read"]);
  const program = createCaller({ ...world.ctx, actor: await byToken(world, token) });
  await expect(program.identity.revokeToken({ tokenId: id })).rejects.toMatchObject({ code: "FORBIDDEN" });
  expect(await program.projects.list()).toHaveLength(1);
});

test("a service account executes and proposes in its project, and never signs", async ({ world }) => {
  const devops = await world.member("R6");
  const { id: serviceId } = await devops.api.identity.createServiceAccount({ projectId: world.project.id, name: "CI" });
  const made = await devops.api.identity.createServiceToken({
    projectId: world.project.id,
    serviceId,
    name: "ci",
    scopes: ["read", "write", "predict"],
    expiresInDays: 30,
  });
  const actor = await byToken(world, made.token);
  expect(actor.kind).toBe("service");
  await authorize(world.ctx, actor, "promotions.propose", world.project.id);
  await expect(authorize(world.ctx, actor, "promotions.sign", world.project.id)).rejects.toMatchObject({
    code: "forbidden",
  });
  await expect(
    devops.api.identity.createServiceToken({
      projectId: world.project.id,
      serviceId,
      name: "ci",
      scopes: ["sign"] as never,
      expiresInDays: 30,
    }),
  ).rejects.toMatchObject({ code: "BAD_REQUEST" });
  await devops.api.identity.revokeServiceToken({ projectId: world.project.id, tokenId: made.id });
  expect(await actorByToken(world.ctx, made.token)).toBeNull();
  await devops.api.identity.closeServiceAccount({ projectId: world.project.id, serviceId });
  expect(await devops.api.identity.serviceAccounts({ projectId: world.project.id })).toEqual([]);
});

test("a service account of another project is not found", async ({ world, service }) => {
  const elsewhere = await World.create(service);
  const theirs = await elsewhere.member("R6");
  const { id: serviceId } = await theirs.api.identity.createServiceAccount({
    projectId: elsewhere.project.id,
    name: "CI",
  });
  const ours = await world.member("R6");
  const input = { projectId: world.project.id, serviceId, name: "ci", scopes: ["read"] as "read"[], expiresInDays: 30 };
  await expect(ours.api.identity.createServiceToken(input)).rejects.toMatchObject({ code: "NOT_FOUND" });
});

async function mint(world: World, attempt: RunTokenFor): Promise<string> {
  const { secret, sha256 } = newRunSecret();
  await mintRunToken(world.ctx, { ...attempt, sha256 });
  return secret;
}

test("a step's token dies 15 s after its last lease, and with its attempt", async ({ world }) => {
  const attempt = { projectId: world.project.id, runId: newId(), attemptId: newId(), experimentRunId: newId() };
  const secret = await mint(world, attempt);
  expect(await actorByToken(world.ctx, secret)).toMatchObject({
    kind: "run",
    attemptId: attempt.attemptId,
    experimentRunId: attempt.experimentRunId,
  });
  const at = (ms: number) => ({ ...world.ctx, clock: () => new Date(Date.now() + ms) });
  expect(await actorByToken(at(14_000), secret)).not.toBeNull();
  expect(await actorByToken(at(15_001), secret)).toBeNull();
  expect(await renewRunLease(at(14_000), attempt.attemptId)).toBe(true);
  expect(await actorByToken(at(20_000), secret)).not.toBeNull();

  const again = await mint(world, attempt);
  expect(await actorByToken(world.ctx, secret)).toBeNull();
  expect(await actorByToken(world.ctx, again)).not.toBeNull();
  expect(await world.db.$count(runTokens, eq(runTokens.attemptId, attempt.attemptId))).toBe(1);

  await revokeRunToken(world.ctx, attempt.attemptId);
  expect(await actorByToken(world.ctx, again)).toBeNull();
  expect(await renewRunLease(world.ctx, attempt.attemptId)).toBe(false);
  await expect(mint(world, attempt)).rejects.toMatchObject({ reason: "attempt_over" });
});

test("a step's token reaches only its own project and only what a step does, as its own", async ({
  world,
  service,
}) => {
  const secret = await mint(world, {
    projectId: world.project.id,
    runId: newId(),
    attemptId: newId(),
    experimentRunId: null,
  });
  const actor = await byToken(world, secret);
  expect((await authorize(world.ctx, actor, "experiments.write", world.project.id)).reach).toBe("own");
  for (const permission of [
    "promotions.propose",
    "promotions.sign",
    "deployments.deploy",
    "identity.invite",
    "pipelines.run",
  ] as const) {
    await expect(authorize(world.ctx, actor, permission, world.project.id)).rejects.toMatchObject({
      code: "forbidden",
    });
  }
  const elsewhere = await World.create(service);
  await expect(authorize(world.ctx, actor, "experiments.write", elsewhere.project.id)).rejects.toMatchObject({
    code: "not_found",
  });
});
