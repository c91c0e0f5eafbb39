import { eq } from "drizzle-orm";
import { expect, vi } from "vitest";
import { connect } from "@/db/client";
import { tokens } from "@/db/schema/identity";
import { sha256 } from "../blobs/digest";
import { createHttpApp } from "../http/app";
import { newId } from "../ids";
import { openTcpProxy } from "../testing/tcp-proxy";
import { test, World } from "../testing/world";
import { EventHub, type LiveEvent } from "./event-hub";
import { openEventStream } from "./event-stream";
import { publishEvent } from "./publish-event";

type Received = { readonly event: string; readonly data: Record<string, unknown>; readonly id: string };

/** The events of a stream, one after the other. */
async function* eventsOf(response: Response): AsyncGenerator<Received> {
  if (!response.body) throw new Error("The answer has no body.");
  let text = "";
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    const blocks = (text + chunk).split("\n\n");
    text = blocks.pop() ?? "";
    for (const block of blocks) {
      const fields = Object.fromEntries(
        block.split("\n").map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]),
      );
      yield { event: fields.event ?? "", data: JSON.parse(fields.data ?? "{}"), id: fields.id ?? "" };
    }
  }
}

/** The next `count` events of the named kind. */
async function take(stream: AsyncGenerator<Received>, name: string, count: number): Promise<Received[]> {
  const found: Received[] = [];
  while (found.length < count) {
    const { value, done } = await stream.next();
    if (done) break;
    if (value.event === name) found.push(value);
  }
  return found;
}

async function reader(world: World) {
  const member = await world.member("R3");
  const secret = `cs_${newId()}`;
  await world.db.insert(tokens).values({
    id: newId(),
    userId: member.id,
    projectId: world.project.id,
    name: "t",
    hint: "cs",
    sha256: sha256(secret),
    scopes: ["read"],
    createdBy: member.id,
  });
  const { app } = createHttpApp(world.ctx);
  const open = (since: string) =>
    app.request(`/api/v1/events?since=${encodeURIComponent(since)}`, {
      headers: { authorization: `Bearer ${secret}` },
    });
  return { open, secret };
}

const publish = (world: World, entityId: string) =>
  world.db.transaction((tx) => publishEvent(tx, world.project.id, "data", entityId));

test("a page that was away gets what it missed, in order, and then what comes", async ({ world }) => {
  const { open } = await reader(world);
  for (const id of ["a", "b", "c"]) await publish(world, id);
  const stream = eventsOf(await open(`${world.project.id}:1`));
  const missed = await take(stream, "change", 2);
  await take(stream, "ready", 1);
  await publish(world, "d");
  const events = [...missed, ...(await take(stream, "change", 1))];
  await stream.return(undefined);
  expect(events.map((event) => event.data.entityId)).toEqual(["b", "c", "d"]);
  expect(events.at(-1)?.id).toBe(`${world.project.id}:4`);
});

test("events of twenty concurrent writers arrive once each and without a gap", async ({ world }) => {
  const { open } = await reader(world);
  const stream = eventsOf(await open(""));
  await take(stream, "ready", 1);
  await Promise.all(Array.from({ length: 20 }, (_, index) => publish(world, String(index))));
  const sequences = (await take(stream, "change", 20)).map((event) => event.data.sequence);
  await stream.return(undefined);
  expect(sequences).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
});

test("a stranger to a project hears nothing of it, and a revoked token opens no stream", async ({ world }) => {
  const { open, secret } = await reader(world);
  const stranger = await reader(await World.create(world.ctx));
  const stream = eventsOf(await stranger.open(`${world.project.id}:0`));
  await publish(world, "secret");
  const [first] = await take(stream, "ready", 1);
  await stream.return(undefined);
  expect(first?.id).not.toContain(world.project.id);
  await world.db
    .update(tokens)
    .set({ revokedAt: new Date() })
    .where(eq(tokens.sha256, sha256(secret)));
  expect((await open("")).status).toBe(401);
});

test("a listener that the database refused is forgotten; the next page listens and hears each event once", async ({
  world,
}) => {
  const url = new URL(world.ctx.config.databaseUrl);
  const proxy = await openTcpProxy({ host: url.hostname, port: Number(url.port) });
  await proxy.cut();
  url.host = `127.0.0.1:${proxy.port}`;
  const connection = connect(url.toString(), { max: 2 });
  const ctx = { ...world.ctx, db: connection.db, sql: connection.sql };
  const hub = new EventHub(ctx);
  const heard: { readonly first: LiveEvent[]; readonly second: LiveEvent[] } = { first: [], second: [] };
  const subscribe = (into: LiveEvent[]) =>
    hub.subscribe({ onEvents: (batch) => into.push(...batch), onLog: () => undefined });
  await expect(subscribe(heard.first)).rejects.toThrow();

  const { actor } = await world.member("R3");
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  try {
    const request = { actor, cursor: new Map<string, number>(), signal: new AbortController().signal };
    await expect(openEventStream(ctx, hub, request).text()).rejects.toThrow();
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }

  await proxy.mend();
  await vi.waitFor(() => subscribe(heard.second), { timeout: 10_000 });
  await hub.positions([world.project.id]);
  await publish(world, "a");
  await vi.waitFor(() => expect(heard.second.map(({ entityId }) => entityId)).toEqual(["a"]));
  expect(heard.first).toEqual([]);
  await connection.close();
  await proxy.cut();
});
