import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { tokens } from "@/db/schema/identity";
import type { TokenScope } from "../../authz/actor";
import { sha256 } from "../../blobs/digest";
import type { ServiceContext } from "../../context";
import { createHttpApp } from "../../http/app";
import { newId } from "../../ids";
import type { Member, World } from "../../testing/world";

/** The HTTP routes on a free port, as the web process serves them before the pages. */
export async function listen(
  ctx: ServiceContext,
): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const { app } = createHttpApp(ctx);
  const server = createServer(getRequestListener(app.fetch));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}`, close };
}

/** A personal token of a member for the world's project. */
export async function tokenOf(
  world: World,
  member: Pick<Member, "id">,
  scopes: readonly TokenScope[] = ["read", "write"],
): Promise<string> {
  const secret = `csp_${newId()}`;
  await world.db.insert(tokens).values({
    id: newId(),
    userId: member.id,
    projectId: world.project.id,
    name: "test",
    hint: secret.slice(0, 8),
    sha256: sha256(secret),
    scopes: [...scopes],
    createdBy: member.id,
  });
  return secret;
}

export type Answer = {
  readonly status: number;
  readonly body: Record<string, unknown> & { readonly message?: string };
};

/** Calls the protocol with a token, in process. Paths stand below `/api/2.0`. */
export function protocol(ctx: ServiceContext, token: string) {
  const { app } = createHttpApp(ctx);
  const authorization = `Bearer ${token}`;
  const read = async (response: Response): Promise<Answer> => ({
    status: response.status,
    body: (await response.json()) as Answer["body"],
  });
  const send = async (method: string, path: string, body: unknown) =>
    read(
      await app.request(`/api/2.0${path}`, {
        method,
        body: typeof body === "string" ? body : JSON.stringify(body),
        headers: { authorization, "content-type": "application/json" },
      }),
    );
  return {
    post: (path: string, body: unknown) => send("POST", path, body),
    send,
    get: async (path: string, query: Record<string, string> = {}) =>
      read(await app.request(`/api/2.0${path}?${new URLSearchParams(query)}`, { headers: { authorization } })),
    raw: async (method: string, path: string, body?: BodyInit): Promise<Response> =>
      app.request(path, { method, headers: { authorization }, ...(body !== undefined && { body }) }),
  };
}
