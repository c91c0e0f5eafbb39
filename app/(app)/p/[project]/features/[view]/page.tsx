import type { Metadata } from "next";
import { Suspense } from "react";
import { HydrateClient, loadProject, prefetch, trpc } from "@/app/_server/trpc";
import { FeatureView } from "@/components/features/feature-view";
import { PageSkeleton } from "@/components/shell/page-frame";
import { routes } from "@/components/shell/routes";
import { PanelBoundary } from "@/components/ui/error-panel";
import { TableSkeleton } from "@/components/ui/skeleton";

type Props = PageProps<"/p/[project]/features/[view]">;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodeURIComponent((await params).view) };
}

export default async function FeatureViewPage({ params }: Props) {
  const { project: slug, view } = await params;
  const project = await loadProject(slug);
  const name = decodeURIComponent(view);
  const crumbs = [
    { label: project.name, href: routes.project(project.slug) },
    { label: "Features", href: routes.features(project.slug) },
  ];
  return (
    <PanelBoundary>
      <Suspense
        fallback={
          <PageSkeleton crumbs={crumbs} name={name}>
            <TableSkeleton rows={6} columns={3} />
          </PageSkeleton>
        }
      >
        <View projectId={project.id} name={name} />
      </Suspense>
    </PanelBoundary>
  );
}

async function View({ projectId, name }: { projectId: string; name: string }) {
  await prefetch(trpc.features.byName.queryOptions({ projectId, name }));
  return (
    <HydrateClient>
      <FeatureView name={name} />
    </HydrateClient>
  );
}
