import type { Route } from "next";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import type { Actor } from "../authz/actor";
import { processContext } from "../process";
import { actorBySession } from "./authenticate";
import { pathOf } from "./client-address";
import { sessionIdFrom } from "./session-cookie";

/** Who looks at this page; null when nobody is signed in. Asked once per request, however many components ask. */
export const currentActor = cache(async (): Promise<Actor | null> => {
  const sessionId = await sessionIdFrom(processContext(), { headers: await headers() });
  return sessionId ? actorBySession(processContext(), sessionId) : null;
});

/** The same for pages that need somebody: sends others to sign in, and back here afterwards. */
export async function requireActor(): Promise<Actor> {
  const actor = await currentActor();
  if (actor) return actor;
  const here = pathOf(await headers());
  redirect((here && here !== "/" ? `/sign-in?next=${encodeURIComponent(here)}` : "/sign-in") as Route);
}
