import { and, eq } from "drizzle-orm";
import { encode } from "next-auth/jwt";
import { expect } from "vitest";
import { auditEvents } from "@/db/schema/audit";
import { sessions, users } from "@/db/schema/identity";
import type { ServiceContext } from "../context";
import { test, type World } from "../testing/world";
import { actorBySession, authenticate } from "./authenticate";
import { hashPassword } from "./passwords";
import { sessionCookieName, sessionIdFrom } from "./session-cookie";
import { signIn } from "./sign-in";
import { signOut } from "./sign-out";

const PASSWORD = "correct horse battery staple";
const origin = { address: "192.0.2.1", userAgent: "test" };

async function personWithPassword(world: World) {
  const member = await world.member("R3");
  const email = `${member.id}@example.test`;
  await world.db
    .update(users)
    .set({ passwordHash: await hashPassword(PASSWORD) })
    .where(eq(users.id, member.id));
  return { ...member, email };
}

async function cookieOf(ctx: ServiceContext, sid: string, secret = ctx.config.authSecret): Promise<string> {
  const name = sessionCookieName(ctx);
  return `${name}=${await encode({ token: { sid }, secret, salt: name })}`;
}

test("a session works until it is signed out, at once and everywhere", async ({ world }) => {
  const person = await personWithPassword(world);
  const { sessionId } = await signIn(world.ctx, { email: person.email.toUpperCase(), password: PASSWORD }, origin);
  const request = () => new Request("http://localhost:3000/", { headers: {} });
  const headers = { cookie: `other=1; ${await cookieOf(world.ctx, sessionId)}` };
  expect(await authenticate(world.ctx, new Request(request(), { headers }))).toMatchObject({
    kind: "person",
    userId: person.id,
    sessionId,
  });
  await signOut(world.ctx, sessionId);
  expect(await authenticate(world.ctx, new Request(request(), { headers }))).toBeNull();
});

test("a cookie of another secret, a changed one and an expired session are nobody", async ({ world }) => {
  const person = await personWithPassword(world);
  const { sessionId } = await signIn(world.ctx, { email: person.email, password: PASSWORD }, origin);
  const foreign = await cookieOf(world.ctx, sessionId, "another-secret-of-at-least-thirty-two-bytes");
  const own = await cookieOf(world.ctx, sessionId);
  for (const cookie of [foreign, `${own}x`, own.replace("=", "=x"), "authjs.session-token="]) {
    expect(await sessionIdFrom(world.ctx, { headers: new Headers({ cookie }) })).toBeNull();
  }
  await world.db
    .update(sessions)
    .set({ expiresAt: new Date(Date.now() - 1) })
    .where(eq(sessions.id, sessionId));
  expect(await actorBySession(world.ctx, sessionId)).toBeNull();
});

test("over https the cookie has the secure prefix, and a cookie cut in chunks is joined", async ({ world }) => {
  const https = { ...world.ctx, config: { ...world.ctx.config, url: "https://countersign.example" } };
  const [name, value = ""] = (await cookieOf(https, "the-session")).split("=", 2);
  expect(name).toBe("__Secure-authjs.session-token");
  const chunks = `${name}.1=${value.slice(50)}; ${name}.0=${value.slice(0, 50)}; ${name}-other=1`;
  expect(await sessionIdFrom(https, { headers: new Headers({ cookie: chunks }) })).toBe("the-session");
  expect(await sessionIdFrom(world.ctx, { headers: new Headers({ cookie: chunks }) })).toBeNull();
});

test("a change by cookie needs the same origin and a deliberate body", async ({ world }) => {
  const person = await personWithPassword(world);
  const { sessionId } = await signIn(world.ctx, { email: person.email, password: PASSWORD }, origin);
  const cookie = await cookieOf(world.ctx, sessionId);
  const post = (headers: Record<string, string>) =>
    authenticate(world.ctx, new Request(world.ctx.config.url, { method: "POST", headers: { cookie, ...headers } }));
  const json = { "content-type": "application/json" };
  const own = new URL(world.ctx.config.url).origin;
  expect(await post({ ...json, origin: own })).toMatchObject({ userId: person.id });
  expect(await post({ "x-countersign": "1", origin: own.replace("localhost", "127.0.0.1") })).toMatchObject({
    userId: person.id,
  });
  for (const refused of [
    json,
    { ...json, origin: "null" },
    { ...json, origin: "https://evil.example" },
    { origin: own },
    { ...json, origin: `${own}1` },
  ]) {
    await expect(post(refused)).rejects.toMatchObject({ code: "forbidden", reason: "origin" });
  }
});

test("without a session another site may not send a change either; a program may", async ({ world }) => {
  const post = (headers: Record<string, string>) =>
    authenticate(world.ctx, new Request(world.ctx.config.url, { method: "POST", headers }));
  await expect(post({ origin: "https://evil.example" })).rejects.toMatchObject({ reason: "origin" });
  expect(await post({})).toBeNull();
});

test("ten wrong passwords slow the account down, never lock it, and leave an audit row each", async ({ world }) => {
  const person = await personWithPassword(world);
  let now = Date.now();
  const ctx = { ...world.ctx, clock: () => new Date(now) };
  const attempt = (password: string) => signIn(ctx, { email: person.email, password }, origin);
  const waits: number[] = [];
  let refused = 0;
  while (refused < 10) {
    const error = await attempt("wrong").catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(Error);
    const { code, details } = error as { code: string; details?: { retryAfterSeconds: number } };
    if (code === "rate_limited") {
      await expect(attempt(PASSWORD)).rejects.toMatchObject({ code: "rate_limited" });
      waits.push(details?.retryAfterSeconds ?? 0);
      now += (details?.retryAfterSeconds ?? 0) * 1_000;
    } else {
      expect(code).toBe("unauthenticated");
      refused += 1;
    }
  }
  expect(waits).toEqual([1, 2, 4, 8, 16]);
  now += 30_000;
  await expect(attempt(PASSWORD)).resolves.toMatchObject({ person: { userId: person.id } });
  const rows = await world.db
    .select()
    .from(auditEvents)
    .where(and(eq(auditEvents.action, "identity.sign_in_refused"), eq(auditEvents.entityId, person.id)));
  expect(rows).toHaveLength(10);
});

test("many guesses at once are counted before they are looked at", async ({ world }) => {
  const person = await personWithPassword(world);
  const guesses = await Promise.allSettled(
    Array.from({ length: 12 }, (_, i) =>
      signIn(world.ctx, { email: person.email, password: `guess ${i}` }, { ...origin, address: "192.0.2.7" }),
    ),
  );
  const looked = guesses.filter((guess) => guess.status === "rejected" && guess.reason.code === "unauthenticated");
  expect(looked.length).toBeLessThanOrEqual(5);
});

test("an unknown address answers like a wrong password", async ({ world }) => {
  const person = await personWithPassword(world);
  const message = async (email: string) =>
    signIn(world.ctx, { email, password: "wrong" }, { ...origin, address: "192.0.2.9" }).catch(
      (error: Error) => error.message,
    );
  expect(await message("nobody@example.test")).toBe(await message(person.email));
});

test("a deactivated person does not sign in", async ({ world }) => {
  const person = await personWithPassword(world);
  await world.db.update(users).set({ deactivatedAt: new Date() }).where(eq(users.id, person.id));
  await expect(signIn(world.ctx, { email: person.email, password: PASSWORD }, origin)).rejects.toMatchObject({
    code: "unauthenticated",
  });
});
