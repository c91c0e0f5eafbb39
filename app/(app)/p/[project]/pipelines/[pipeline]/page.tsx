import type { Metadata } from "next";
import { Suspense } from "react";
import { getQueryClient, HydrateClient, loadProject, prefetch, trpc } from "@/app/_server/trpc";
import { loadRunFilters, runsQuery } from "@/components/pipelines/filters";
import { PipelineView } from "@/components/pipelines/pipeline-view";
import { PageSkeleton } from "@/components/shell/page-frame";
import { routes } from "@/components/shell/routes";
import { PanelBoundary } from "@/components/ui/error-panel";
import { TableSkeleton } from "@/components/ui/skeleton";

type Props = PageProps<"/p/[project]/pipelines/[pipeline]">;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodeURIComponent((await params).pipeline) };
}

export default async function PipelinePage({ params, searchParams }: Props) {
  const { project: slug, pipeline } = await params;
  const project = await loadProject(slug);
  const name = decodeURIComponent(pipeline);
  const fallback = (
    <PageSkeleton
      crumbs={[
        { label: project.name, href: routes.project(slug) },
        { label: "Pipelines", href: routes.pipelines(slug) },
      ]}
      name={name}
    >
      <TableSkeleton rows={6} columns={7} />
    </PageSkeleton>
  );
  return (
    <PanelBoundary>
      <Suspense fallback={fallback}>
        <Pipeline projectId={project.id} name={name} searchParams={searchParams} />
      </Suspense>
    </PanelBoundary>
  );
}

type PipelineProps = { projectId: string; name: string; searchParams: Props["searchParams"] };

async function Pipeline({ projectId, name, searchParams }: PipelineProps) {
  const filters = await loadRunFilters(searchParams);
  const pipeline = trpc.pipelines.get.queryOptions({ projectId, name });
  await prefetch(pipeline);
  const found = getQueryClient().getQueryData(pipeline.queryKey);
  if (found) {
    await getQueryClient().prefetchInfiniteQuery(
      trpc.pipelines.runs.infiniteQueryOptions(runsQuery(projectId, { pipelineId: found.id, state: filters.state }), {
        getNextPageParam: (page) => (page.hasMore ? page.runs.at(-1)?.number : undefined),
        initialCursor: null,
      }),
    );
  }
  return (
    <HydrateClient>
      <PipelineView name={name} />
    </HydrateClient>
  );
}
