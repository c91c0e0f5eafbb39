import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import { TRPCError } from "@trpc/server";
import { createTRPCOptionsProxy } from "@trpc/tanstack-react-query";
import { notFound } from "next/navigation";
import { cache, type ReactNode } from "react";
import { makeQueryClient } from "@/components/providers/query-client";
import { requireActor } from "@/server/auth/current-actor";
import { createPageContext } from "@/server/trpc/page-context";
import { appRouter } from "@/server/trpc/root";

/** One cache of queries per request. */
export const getQueryClient = cache(makeQueryClient);

/** The same procedures as in the browser, called in process: `trpc.models.list.queryOptions({ projectId })`. */
export const trpc = createTRPCOptionsProxy({
  router: appRouter,
  queryClient: getQueryClient,
  ctx: async () => createPageContext(await requireActor()),
});

type FetchOptions = Parameters<ReturnType<typeof makeQueryClient>["fetchQuery"]>[0];

/**
 * Loads queries for the client components below, all at once. What is missing answers with the page
 * "not found"; any other refusal is left to the component, which asks again and shows its panel.
 */
export async function prefetch(...queries: readonly { readonly queryKey: readonly unknown[] }[]): Promise<void> {
  // Options of different queries share no type but their key; each was made by `queryOptions` and is whole.
  const results = await Promise.allSettled(queries.map((query) => getQueryClient().fetchQuery(query as FetchOptions)));
  for (const result of results) {
    if (result.status === "rejected" && result.reason instanceof TRPCError && result.reason.code === "NOT_FOUND")
      notFound();
  }
}

/** Hands the loaded queries to the browser. Put it inside the Suspense of the page, around its client component. */
export function HydrateClient({ children }: { children: ReactNode }) {
  return <HydrationBoundary state={dehydrate(getQueryClient())}>{children}</HydrationBoundary>;
}

/** The project of the page with the person's roles; a stranger gets "not found". Asked once per request. */
export const loadProject = cache(async (slug: string) => {
  try {
    return await getQueryClient().fetchQuery(trpc.projects.bySlug.queryOptions({ slug }));
  } catch (error) {
    if (error instanceof TRPCError && error.code === "NOT_FOUND") notFound();
    throw error;
  }
});
