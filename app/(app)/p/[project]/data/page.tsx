import type { Metadata } from "next";
import { Suspense } from "react";
import { HydrateClient, loadProject, prefetch, trpc } from "@/app/_server/trpc";
import { DatasetsTable } from "@/components/datasets/datasets-table";
import { NewDatasetButton } from "@/components/datasets/new-dataset-button";
import { PageFrame } from "@/components/shell/page-frame";
import { routes } from "@/components/shell/routes";
import { PanelBoundary } from "@/components/ui/error-panel";
import { TableSkeleton } from "@/components/ui/skeleton";

export const metadata: Metadata = { title: "Datasets" };

export default async function DatasetsPage({ params }: PageProps<"/p/[project]/data">) {
  const project = await loadProject((await params).project);
  return (
    <PageFrame
      crumbs={[{ label: project.name, href: routes.project(project.slug) }]}
      title="Datasets"
      meta="Tables of rows in versions that never change. A hold-out is for the platform's own measurements."
      actions={<NewDatasetButton />}
    >
      <PanelBoundary>
        <Suspense fallback={<TableSkeleton rows={4} columns={6} />}>
          <Datasets projectId={project.id} />
        </Suspense>
      </PanelBoundary>
    </PageFrame>
  );
}

async function Datasets({ projectId }: { projectId: string }) {
  await prefetch(trpc.data.list.queryOptions({ projectId }));
  return (
    <HydrateClient>
      <DatasetsTable />
    </HydrateClient>
  );
}
