"use client";
import { type QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createTRPCClient, httpBatchLink } from "@trpc/client";
import type { inferRouterOutputs } from "@trpc/server";
import { createTRPCContext } from "@trpc/tanstack-react-query";
import { type ReactNode, useState } from "react";
import superjson from "superjson";
import type { AppRouter } from "@/server/trpc/root";
import { MAX_BATCH_SIZE } from "./batch-size";
import { makeQueryClient } from "./query-client";

const context = createTRPCContext<AppRouter>();

/** `useTRPC().promotions.list.queryOptions(…)`, for useSuspenseQuery, useQuery and useMutation. */
export const useTRPC = context.useTRPC;

/** Shapes of what the server answers: `RouterOutputs["projects"]["bySlug"]`. */
export type RouterOutputs = inferRouterOutputs<AppRouter>;

let browserClient: QueryClient | undefined;

function queryClientOfThisSide(): QueryClient {
  if (typeof window === "undefined") return makeQueryClient();
  browserClient ??= makeQueryClient();
  return browserClient;
}

export function TrpcProvider({ children }: { children: ReactNode }) {
  const queryClient = queryClientOfThisSide();
  const [client] = useState(() =>
    createTRPCClient<AppRouter>({
      links: [
        httpBatchLink({
          // While a page is rendered on the server its queries are prefetched in process; this address is for the browser.
          url: typeof window === "undefined" ? "http://localhost/api/trpc" : "/api/trpc",
          transformer: superjson,
          headers: { "x-countersign": "1" },
          maxURLLength: 6_000,
          maxItems: MAX_BATCH_SIZE,
        }),
      ],
    }),
  );
  return (
    <QueryClientProvider client={queryClient}>
      <context.TRPCProvider trpcClient={client} queryClient={queryClient}>
        {children}
      </context.TRPCProvider>
    </QueryClientProvider>
  );
}
