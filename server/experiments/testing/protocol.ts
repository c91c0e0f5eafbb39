import type { ServiceContext } from "../../context";
import { createHttpApp } from "../../http/app";
import { tokenFor } from "../../testing/http";
import type { Member, World } from "../../testing/world";

/** A personal token of a member for the world's project, which may read and write. */
export function tokenOf(world: World, member: Pick<Member, "id">): Promise<string> {
  return tokenFor(world.ctx, { userId: member.id, projectId: world.project.id });
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
