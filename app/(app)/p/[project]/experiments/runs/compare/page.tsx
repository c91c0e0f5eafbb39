import type { Metadata } from "next";
import { createLoader, parseAsArrayOf, parseAsString } from "nuqs/server";
import { Suspense } from "react";
import { HydrateClient, loadProject, prefetch, trpc } from "@/app/_server/trpc";
import { CompareView } from "@/components/experiments/compare-view";
import { comparedIds } from "@/components/experiments/compared-ids";
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
  if (runIds.length > 1) await prefetch(trpc.experiments.compare.queryOptions({ projectId, runIds }));
  return (
    <HydrateClient>
      <CompareView />
    </HydrateClient>
  );
}
