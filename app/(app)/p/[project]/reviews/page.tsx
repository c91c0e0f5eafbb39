import type { Metadata } from "next";
import { Suspense } from "react";
import { getQueryClient, HydrateClient, loadProject, prefetch, trpc } from "@/app/_server/trpc";
import { loadReviewFilters, reviewsQuery } from "@/components/reviews/filters";
import { ReviewsTable } from "@/components/reviews/reviews-table";
import { PageFrame } from "@/components/shell/page-frame";
import { routes } from "@/components/shell/routes";
import { PanelBoundary } from "@/components/ui/error-panel";
import { TableSkeleton } from "@/components/ui/skeleton";

export const metadata: Metadata = { title: "Reviews" };

type Props = PageProps<"/p/[project]/reviews">;

export default async function ReviewsPage({ params, searchParams }: Props) {
  const project = await loadProject((await params).project);
  return (
    <PageFrame
      crumbs={[{ label: project.name, href: routes.project(project.slug) }]}
      title="Reviews"
      meta="A candidate beside what serves, argued over its frozen figures before it may be promoted."
      width="full"
    >
      <PanelBoundary>
        <Suspense fallback={<TableSkeleton rows={6} columns={6} />}>
          <Reviews projectId={project.id} searchParams={searchParams} />
        </Suspense>
      </PanelBoundary>
    </PageFrame>
  );
}

async function Reviews({ projectId, searchParams }: { projectId: string; searchParams: Props["searchParams"] }) {
  const filters = await loadReviewFilters(searchParams);
  await Promise.all([
    prefetch(trpc.reviews.counts.queryOptions({ projectId })),
    getQueryClient().prefetchInfiniteQuery(
      trpc.reviews.list.infiniteQueryOptions(reviewsQuery(projectId, filters), {
        getNextPageParam: (page) => (page.hasMore ? page.reviews.at(-1)?.id : undefined),
        initialCursor: null,
      }),
    ),
  ]);
  return (
    <HydrateClient>
      <ReviewsTable />
    </HydrateClient>
  );
}
