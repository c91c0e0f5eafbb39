import type { Metadata } from "next";
import { Suspense } from "react";
import { HydrateClient, loadProject, prefetch, trpc } from "@/app/_server/trpc";
import { ExperimentsTable } from "@/components/experiments/experiments-table";
import { LogFromPython } from "@/components/experiments/log-from-python";
import { PageFrame } from "@/components/shell/page-frame";
import { routes } from "@/components/shell/routes";
import { PanelBoundary } from "@/components/ui/error-panel";
import { TableSkeleton } from "@/components/ui/skeleton";

export const metadata: Metadata = { title: "Experiments" };

export default async function ExperimentsPage({ params }: PageProps<"/p/[project]/experiments">) {
  const project = await loadProject((await params).project);
  return (
    <PageFrame
      crumbs={[{ label: project.name, href: routes.project(project.slug) }]}
      title="Experiments"
      meta="Runs of training code, with what went in and what was measured."
      actions={<LogFromPython experiment="my-experiment" />}
    >
      <PanelBoundary>
        <Suspense fallback={<TableSkeleton rows={5} columns={5} />}>
          <Experiments projectId={project.id} />
        </Suspense>
      </PanelBoundary>
    </PageFrame>
  );
}

async function Experiments({ projectId }: { projectId: string }) {
  await prefetch(trpc.experiments.list.queryOptions({ projectId }));
  return (
    <HydrateClient>
      <ExperimentsTable />
    </HydrateClient>
  );
}
