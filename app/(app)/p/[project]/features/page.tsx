import type { Metadata } from "next";
import { Suspense } from "react";
import { HydrateClient, loadProject, prefetch, trpc } from "@/app/_server/trpc";
import { NewViewButton } from "@/components/features/new-view-button";
import { ViewsTable } from "@/components/features/views-table";
import { PageFrame } from "@/components/shell/page-frame";
import { routes } from "@/components/shell/routes";
import { PanelBoundary } from "@/components/ui/error-panel";
import { TableSkeleton } from "@/components/ui/skeleton";

export const metadata: Metadata = { title: "Features" };

export default async function FeaturesPage({ params }: PageProps<"/p/[project]/features">) {
  const project = await loadProject((await params).project);
  return (
    <PageFrame
      crumbs={[{ label: project.name, href: routes.project(project.slug) }]}
      title="Features"
      meta="What is known of an entity at a time. Training reads it as it was then, serving as it is now."
      actions={<NewViewButton />}
    >
      <PanelBoundary>
        <Suspense fallback={<TableSkeleton rows={3} columns={7} />}>
          <Views projectId={project.id} />
        </Suspense>
      </PanelBoundary>
    </PageFrame>
  );
}

async function Views({ projectId }: { projectId: string }) {
  await prefetch(trpc.features.list.queryOptions({ projectId }));
  return (
    <HydrateClient>
      <ViewsTable />
    </HydrateClient>
  );
}
