import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { tokens } from "@/db/schema/identity";
import type { TokenScope } from "../authz/actor";
import { sha256 } from "../blobs/digest";
import type { ServiceContext } from "../context";
import { createHttpApp } from "../http/app";
import { newId } from "../ids";

/** The product's own HTTP routes on a free port, without Next. */
export async function serveHttp(ctx: ServiceContext): Promise<{
  readonly url: string;
  readonly socketBytes: () => number;
  readonly openSockets: () => number;
  readonly close: () => Promise<void>;
}> {
  const { app } = createHttpApp(ctx);
  const server = createServer(getRequestListener(app.fetch));
  let closedBytes = 0;
  const open = new Set<{ bytesRead: number }>();
  server.on("connection", (socket) => {
    open.add(socket);
    socket.once("close", () => {
      open.delete(socket);
      closedBytes += socket.bytesRead;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    /** Bytes that were read from all connections so far. */
    socketBytes: () => closedBytes + [...open].reduce((sum, socket) => sum + socket.bytesRead, 0),
    openSockets: () => open.size,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A person's token in a project; only its hash is stored, as in the product. */
export async function tokenFor(
  ctx: ServiceContext,
  about: {
    readonly userId: string;
    readonly projectId: string;
    readonly scopes?: readonly TokenScope[];
    readonly expiresAt?: Date;
  },
): Promise<string> {
  const secret = `csn_${newId().replaceAll("-", "")}`;
  await ctx.db.insert(tokens).values({
    id: newId(),
    userId: about.userId,
    projectId: about.projectId,
    name: "test",
    hint: secret.slice(0, 8),
    sha256: sha256(secret),
    scopes: [...(about.scopes ?? (["read", "write", "predict"] as const))],
    createdBy: about.userId,
    ...(about.expiresAt && { expiresAt: about.expiresAt }),
  });
  return secret;
}
