import type { Metadata } from "next";
import { Suspense } from "react";
import { HydrateClient, loadProject, prefetch, trpc } from "@/app/_server/trpc";
import { PipelinesTable } from "@/components/pipelines/pipelines-table";
import { PageFrame } from "@/components/shell/page-frame";
import { routes } from "@/components/shell/routes";
import { PanelBoundary } from "@/components/ui/error-panel";
import { TableSkeleton } from "@/components/ui/skeleton";

export const metadata: Metadata = { title: "Pipelines" };

export default async function PipelinesPage({ params }: PageProps<"/p/[project]/pipelines">) {
  const project = await loadProject((await params).project);
  return (
    <PageFrame
      width="full"
      crumbs={[{ label: project.name, href: routes.project(project.slug) }]}
      title="Pipelines"
      meta="Code that turns data into models, as it was pushed. A model of a production pipeline can be proposed."
    >
      <PanelBoundary>
        <Suspense fallback={<TableSkeleton rows={4} columns={7} />}>
          <Pipelines projectId={project.id} />
        </Suspense>
      </PanelBoundary>
    </PageFrame>
  );
}

async function Pipelines({ projectId }: { projectId: string }) {
  await prefetch(trpc.pipelines.list.queryOptions({ projectId }));
  return (
    <HydrateClient>
      <PipelinesTable />
    </HydrateClient>
  );
}
