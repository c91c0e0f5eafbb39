import type { Metadata } from "next";
import { createLoader, parseAsArrayOf, parseAsString } from "nuqs/server";
import { Suspense } from "react";
import { getQueryClient, HydrateClient, loadProject, prefetch, trpc } from "@/app/_server/trpc";
import { CompareView } from "@/components/experiments/compare-view";
import { comparedIds } from "@/components/experiments/compared-ids";
import { coursesQuery } from "@/components/experiments/courses-query";
import { PageSkeleton } from "@/components/shell/page-frame";
import { routes } from "@/components/shell/routes";
import { PanelBoundary } from "@/components/ui/error-panel";
import { CardSkeleton } from "@/components/ui/skeleton";

export const metadata: Metadata = { title: "Compare runs" };

const loadRuns = createLoader({ runs: parseAsArrayOf(parseAsString).withDefault([]) });

type Props = PageProps<"/p/[project]/experiments/runs/compare">;

export default async function ComparePage({ params, searchParams }: Props) {
  const project = await loadProject((await params).project);
  const crumbs = [
    { label: project.name, href: routes.project(project.slug) },
    { label: "Experiments", href: routes.experiments(project.slug) },
  ];
  return (
    <PanelBoundary>
      <Suspense
        fallback={
          <PageSkeleton crumbs={crumbs} name="Compare runs">
            <CardSkeleton lines={8} />
          </PageSkeleton>
        }
      >
        <Comparison projectId={project.id} searchParams={searchParams} />
      </Suspense>
    </PanelBoundary>
  );
}

async function Comparison({ projectId, searchParams }: { projectId: string; searchParams: Props["searchParams"] }) {
  const runIds = comparedIds((await loadRuns(searchParams)).runs);
  if (runIds.length > 1) await prefetchComparison(projectId, runIds);
  return (
    <HydrateClient>
      <CompareView />
    </HydrateClient>
  );
}

async function prefetchComparison(projectId: string, runIds: string[]): Promise<void> {
  const query = trpc.experiments.compare.queryOptions({ projectId, runIds });
  await prefetch(query);
  const keys =
    getQueryClient()
      .getQueryData(query.queryKey)
      ?.metrics.map((metric) => metric.key) ?? [];
  if (keys.length > 0) await prefetch(trpc.experiments.courses.queryOptions(coursesQuery({ projectId, runIds, keys })));
}
