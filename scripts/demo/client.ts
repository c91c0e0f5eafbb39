import { createTRPCClient, httpLink } from "@trpc/client";
import superjson from "superjson";
import type { AppRouter } from "@/server/trpc/root";

/** The product's own API, as the person to whom the token belongs; without one, as nobody. */
export function clientFor(url: string, token?: string) {
  return createTRPCClient<AppRouter>({
    links: [
      httpLink({
        url: `${url}/api/trpc`,
        transformer: superjson,
        headers: { ...(token && { authorization: `Bearer ${token}` }), "x-countersign": "demo" },
      }),
    ],
  });
}
