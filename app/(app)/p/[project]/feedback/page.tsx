import type { Metadata } from "next";
import { Suspense } from "react";
import { getQueryClient, HydrateClient, loadProject, prefetch, trpc } from "@/app/_server/trpc";
import { feedbackQuery, loadFeedbackFilters } from "@/components/feedback/filters";
import { ItemsTable } from "@/components/feedback/items-table";
import { NewItemButton } from "@/components/feedback/new-item-button";
import { PageFrame } from "@/components/shell/page-frame";
import { routes } from "@/components/shell/routes";
import { ButtonLink } from "@/components/ui/button";
import { PanelBoundary } from "@/components/ui/error-panel";
import { TableSkeleton } from "@/components/ui/skeleton";

export const metadata: Metadata = { title: "Feedback" };

type Props = PageProps<"/p/[project]/feedback">;

export default async function FeedbackPage({ params, searchParams }: Props) {
  const project = await loadProject((await params).project);
  return (
    <PageFrame
      crumbs={[{ label: project.name, href: routes.project(project.slug) }]}
      title="Feedback"
      width="full"
      meta="Findings and wishes on their way to the people who can act on them."
      actions={
        <>
          <ButtonLink href={routes.retraining(project.slug)}>Retraining policies</ButtonLink>
          <NewItemButton label="New feedback" tone="primary" />
        </>
      }
    >
      <PanelBoundary>
        <Suspense fallback={<TableSkeleton rows={6} columns={7} />}>
          <Items projectId={project.id} searchParams={searchParams} />
        </Suspense>
      </PanelBoundary>
    </PageFrame>
  );
}

async function Items({ projectId, searchParams }: { projectId: string; searchParams: Props["searchParams"] }) {
  const filters = await loadFeedbackFilters(searchParams);
  await Promise.all([
    prefetch(trpc.feedback.counts.queryOptions({ projectId })),
    getQueryClient().prefetchInfiniteQuery(
      trpc.feedback.list.infiniteQueryOptions(feedbackQuery(projectId, filters), {
        getNextPageParam: (page) => (page.hasMore ? page.items.at(-1)?.number : undefined),
        initialCursor: null,
      }),
    ),
  ]);
  return (
    <HydrateClient>
      <ItemsTable />
    </HydrateClient>
  );
}
