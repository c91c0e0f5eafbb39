import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Suspense } from "react";
import { getQueryClient, HydrateClient, loadProject, prefetch, trpc } from "@/app/_server/trpc";
import { coursesQuery } from "@/components/experiments/courses-query";
import { RunView } from "@/components/experiments/run-view";
import { PageSkeleton } from "@/components/shell/page-frame";
import { routes } from "@/components/shell/routes";
import { PanelBoundary } from "@/components/ui/error-panel";
import { CardSkeleton } from "@/components/ui/skeleton";
import { uuidOf } from "@/domain/experiments/identifiers";

export const metadata: Metadata = { title: "Run" };

export default async function RunPage({ params }: PageProps<"/p/[project]/experiments/runs/[run]">) {
  const { project: slug, run } = await params;
  const project = await loadProject(slug);
  // The id as the page writes it, or without dashes as the client prints it.
  const runId = uuidOf(run);
  if (!runId) notFound();
  const crumbs = [
    { label: project.name, href: routes.project(project.slug) },
    { label: "Experiments", href: routes.experiments(project.slug) },
  ];
  return (
    <PanelBoundary>
      <Suspense
        fallback={
          <PageSkeleton crumbs={crumbs} name="Run">
            <CardSkeleton lines={8} />
          </PageSkeleton>
        }
      >
        <Run projectId={project.id} runId={runId} />
      </Suspense>
    </PanelBoundary>
  );
}

async function Run({ projectId, runId }: { projectId: string; runId: string }) {
  const query = trpc.experiments.run.queryOptions({ projectId, runId });
  await prefetch(query);
  const keys =
    getQueryClient()
      .getQueryData(query.queryKey)
      ?.metrics.map((metric) => metric.key) ?? [];
  if (keys.length > 0)
    await prefetch(trpc.experiments.courses.queryOptions(coursesQuery({ projectId, runIds: [runId], keys })));
  return (
    <HydrateClient>
      <RunView runId={runId} />
    </HydrateClient>
  );
}
