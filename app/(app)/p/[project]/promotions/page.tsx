import type { Metadata } from "next";
import { Suspense } from "react";
import { getQueryClient, HydrateClient, loadProject, prefetch, trpc } from "@/app/_server/trpc";
import { loadPromotionFilters, promotionsQuery } from "@/components/promotions/filters";
import { PromotionsTable } from "@/components/promotions/promotions-table";
import { ProposeLink } from "@/components/promotions/propose-link";
import { PageFrame } from "@/components/shell/page-frame";
import { routes } from "@/components/shell/routes";
import { ButtonLink } from "@/components/ui/button";
import { PanelBoundary } from "@/components/ui/error-panel";
import { TableSkeleton } from "@/components/ui/skeleton";

export const metadata: Metadata = { title: "Promotions" };

type Props = PageProps<"/p/[project]/promotions">;

export default async function PromotionsPage({ params, searchParams }: Props) {
  const project = await loadProject((await params).project);
  return (
    <PageFrame
      crumbs={[{ label: project.name, href: routes.project(project.slug) }]}
      title="Promotions"
      width="full"
      actions={
        <>
          <ButtonLink href={routes.policies(project.slug)}>Policies</ButtonLink>
          <ProposeLink />
        </>
      }
    >
      <PanelBoundary>
        <Suspense fallback={<TableSkeleton rows={6} columns={6} />}>
          <Promotions projectId={project.id} searchParams={searchParams} />
        </Suspense>
      </PanelBoundary>
    </PageFrame>
  );
}

async function Promotions({ projectId, searchParams }: { projectId: string; searchParams: Props["searchParams"] }) {
  const filters = await loadPromotionFilters(searchParams);
  await Promise.all([
    prefetch(trpc.promotions.counts.queryOptions({ projectId })),
    getQueryClient().prefetchInfiniteQuery(
      trpc.promotions.list.infiniteQueryOptions(promotionsQuery(projectId, filters), {
        getNextPageParam: (page) => (page.hasMore ? page.promotions.at(-1)?.id : undefined),
        initialCursor: null,
      }),
    ),
  ]);
  return (
    <HydrateClient>
      <PromotionsTable />
    </HydrateClient>
  );
}
