import type { Metadata } from "next";
import { Suspense } from "react";
import { getQueryClient, HydrateClient, loadProject, prefetch, trpc } from "@/app/_server/trpc";
import { DatasetView } from "@/components/datasets/dataset-view";
import { loadDatasetView, previewPage, shownVersion } from "@/components/datasets/filters";
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
  const view = await loadDatasetView(props.searchParams);
  const shown = shownVersion(getQueryClient().getQueryData(query.queryKey)?.versions ?? [], view.version);
  if (shown) await prefetchVersion({ projectId, datasetVersionId: shown.id, rows: shown.rows }, view);
  return (
    <HydrateClient>
      <DatasetView name={name} />
    </HydrateClient>
  );
}

/** The version and what its open tab asks for. */
async function prefetchVersion(
  version: { projectId: string; datasetVersionId: string; rows: number },
  view: Awaited<ReturnType<typeof loadDatasetView>>,
) {
  const { rows, ...about } = version;
  await prefetch(
    trpc.data.getVersion.queryOptions(about),
    ...(view.tab === "checks" ? [trpc.data.reports.queryOptions(about)] : []),
    ...(view.tab === "rows" ? [trpc.data.previewRows.queryOptions({ ...about, ...previewPage(view.from, rows) })] : []),
  );
}
