import type { Metadata } from "next";
import { Suspense } from "react";
import { getQueryClient, HydrateClient, loadProject, prefetch, trpc } from "@/app/_server/trpc";
import { DatasetView } from "@/components/datasets/dataset-view";
import { loadDatasetView, shownVersion } from "@/components/datasets/filters";
import { PageSkeleton } from "@/components/shell/page-frame";
import { routes } from "@/components/shell/routes";
import { PanelBoundary } from "@/components/ui/error-panel";
import { TableSkeleton } from "@/components/ui/skeleton";

type Props = PageProps<"/p/[project]/data/[dataset]">;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodeURIComponent((await params).dataset) };
}

export default async function DatasetPage({ params, searchParams }: Props) {
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
        <Dataset projectId={project.id} name={name} searchParams={searchParams} />
      </Suspense>
    </PanelBoundary>
  );
}

async function Dataset(props: { projectId: string; name: string; searchParams: Props["searchParams"] }) {
  const { projectId, name } = props;
  const query = trpc.data.byName.queryOptions({ projectId, name });
  await prefetch(query);
  const { version: wanted } = await loadDatasetView(props.searchParams);
  const shown = shownVersion(getQueryClient().getQueryData(query.queryKey)?.versions ?? [], wanted);
  if (shown) await prefetch(trpc.data.getVersion.queryOptions({ projectId, datasetVersionId: shown.id }));
  return (
    <HydrateClient>
      <DatasetView name={name} />
    </HydrateClient>
  );
}
