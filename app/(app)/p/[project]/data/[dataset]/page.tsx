import type { Metadata } from "next";
import { Suspense } from "react";
import { HydrateClient, loadProject, prefetch, trpc } from "@/app/_server/trpc";
import { DatasetView } from "@/components/datasets/dataset-view";
import { PageSkeleton } from "@/components/shell/page-frame";
import { routes } from "@/components/shell/routes";
import { PanelBoundary } from "@/components/ui/error-panel";
import { TableSkeleton } from "@/components/ui/skeleton";

type Props = PageProps<"/p/[project]/data/[dataset]">;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodeURIComponent((await params).dataset) };
}

export default async function DatasetPage({ params }: Props) {
  const { project: slug, dataset } = await params;
  const project = await loadProject(slug);
  const name = decodeURIComponent(dataset);
  const crumbs = [
    { label: project.name, href: routes.project(project.slug) },
    { label: "Datasets", href: routes.datasets(project.slug) },
  ];
  return (
    <PanelBoundary>
      <Suspense
        fallback={
          <PageSkeleton crumbs={crumbs} name={name}>
            <TableSkeleton rows={8} columns={6} />
          </PageSkeleton>
        }
      >
        <Dataset projectId={project.id} name={name} />
      </Suspense>
    </PanelBoundary>
  );
}

async function Dataset({ projectId, name }: { projectId: string; name: string }) {
  await prefetch(trpc.data.byName.queryOptions({ projectId, name }));
  return (
    <HydrateClient>
      <DatasetView name={name} />
    </HydrateClient>
  );
}
