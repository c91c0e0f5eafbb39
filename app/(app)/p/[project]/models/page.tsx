import type { Metadata } from "next";
import { Suspense } from "react";
import { HydrateClient, loadProject, prefetch, trpc } from "@/app/_server/trpc";
import { ModelsTable } from "@/components/registry/models-table";
import { PageFrame } from "@/components/shell/page-frame";
import { routes } from "@/components/shell/routes";
import { PanelBoundary } from "@/components/ui/error-panel";
import { TableSkeleton } from "@/components/ui/skeleton";

export const metadata: Metadata = { title: "Models" };

export default async function ModelsPage({ params }: PageProps<"/p/[project]/models">) {
  const project = await loadProject((await params).project);
  return (
    <PageFrame
      crumbs={[{ label: project.name, href: routes.project(project.slug) }]}
      title="Models"
      meta="Registered models and their versions. A version reaches an environment by a promotion."
    >
      <PanelBoundary>
        <Suspense fallback={<TableSkeleton rows={4} columns={5} />}>
          <Models projectId={project.id} />
        </Suspense>
      </PanelBoundary>
    </PageFrame>
  );
}

async function Models({ projectId }: { projectId: string }) {
  await prefetch(trpc.registry.list.queryOptions({ projectId }));
  return (
    <HydrateClient>
      <ModelsTable />
    </HydrateClient>
  );
}
