import type { Metadata } from "next";
import { Suspense } from "react";
import { getQueryClient, HydrateClient, loadProject, prefetch, trpc } from "@/app/_server/trpc";
import { loadRunsFilters, runsQuery } from "@/components/experiments/filters";
import { RunsView } from "@/components/experiments/runs-view";
import { PageSkeleton } from "@/components/shell/page-frame";
import { routes } from "@/components/shell/routes";
import { PanelBoundary } from "@/components/ui/error-panel";
import { TableSkeleton } from "@/components/ui/skeleton";

type Props = PageProps<"/p/[project]/experiments/[experiment]">;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodeURIComponent((await params).experiment) };
}

export default async function ExperimentPage({ params, searchParams }: Props) {
  const { project: slug, experiment } = await params;
  const project = await loadProject(slug);
  const name = decodeURIComponent(experiment);
  const crumbs = [
    { label: project.name, href: routes.project(project.slug) },
    { label: "Experiments", href: routes.experiments(project.slug) },
  ];
  return (
    <PanelBoundary>
      <Suspense
        fallback={
          <PageSkeleton crumbs={crumbs} name={name}>
            <TableSkeleton rows={10} columns={8} />
          </PageSkeleton>
        }
      >
        <Experiment projectId={project.id} name={name} searchParams={searchParams} />
      </Suspense>
    </PanelBoundary>
  );
}

async function Experiment({
  projectId,
  name,
  searchParams,
}: {
  projectId: string;
  name: string;
  searchParams: Props["searchParams"];
}) {
  const filters = await loadRunsFilters(searchParams);
  const query = trpc.experiments.get.queryOptions({ projectId, experiment: name });
  await prefetch(query);
  const experiment = getQueryClient().getQueryData(query.queryKey);
  if (experiment) await prefetchRuns({ projectId, experimentId: experiment.id }, filters);
  return (
    <HydrateClient>
      <RunsView experiment={name} />
    </HydrateClient>
  );
}

/** The columns decide what the rows hold, so their keys come first. */
async function prefetchRuns(
  at: { projectId: string; experimentId: string },
  filters: Awaited<ReturnType<typeof loadRunsFilters>>,
) {
  const facets = trpc.experiments.facets.queryOptions(at);
  await prefetch(facets);
  const keys = getQueryClient().getQueryData(facets.queryKey);
  if (!keys) return;
  await getQueryClient().prefetchInfiniteQuery(
    trpc.experiments.runs.infiniteQueryOptions(runsQuery(at, filters, keys), {
      getNextPageParam: (page) => page.nextCursor,
      initialCursor: null,
    }),
  );
}
