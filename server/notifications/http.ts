import { AppError } from "@/domain/errors";
import type { ServiceContext } from "../context";
import type { Routes } from "../http/routes";
import { EventHub } from "./event-hub";
import { openEventStream, parseCursor } from "./event-stream";

/** The one live stream of a browser. `since` (or Last-Event-ID) says where the page stands. */
export function notificationRoutes(routes: Routes, services: ServiceContext): void {
  const hub = new EventHub(services);
  routes.open("GET", "/api/v1/events", "signed_in", async (c, { ctx, actor }) => {
    if (!actor) throw new AppError("unauthenticated", "signed_out", "Sign in first.");
    const cursor = parseCursor(c.req.header("last-event-id") ?? c.req.query("since"));
    return openEventStream(ctx, hub, { actor, cursor, signal: c.req.raw.signal });
  });
}
