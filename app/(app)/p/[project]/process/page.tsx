import type { Metadata } from "next";
import { Suspense } from "react";
import { HydrateClient, loadProject, prefetch, trpc } from "@/app/_server/trpc";
import { ProcessView } from "@/components/projects/process-map/process-view";
import { ViewSwitch } from "@/components/projects/process-map/view-switch";
import { PageFrame } from "@/components/shell/page-frame";
import { routes } from "@/components/shell/routes";
import { PanelBoundary } from "@/components/ui/error-panel";
import { CardSkeleton } from "@/components/ui/skeleton";

export const metadata: Metadata = { title: "Process map" };

export default async function ProcessPage({ params }: PageProps<"/p/[project]/process">) {
  const project = await loadProject((await params).project);
  return (
    <PageFrame
      crumbs={[{ label: project.name, href: routes.project(project.slug) }]}
      title="Process map"
      meta="Each step with what it left behind, who signed it, and what is still open."
      width="full"
      actions={<ViewSwitch />}
    >
      <PanelBoundary>
        <Suspense fallback={<MapSkeleton />}>
          <Process projectId={project.id} />
        </Suspense>
      </PanelBoundary>
    </PageFrame>
  );
}

function MapSkeleton() {
  return (
    <div className="flex flex-col gap-4">
      <CardSkeleton />
      <div className="grid gap-3 sm:grid-cols-2 lg:grid-cols-5">
        {["initiate", "features", "experiment", "deploy", "watch"].map((phase) => (
          <CardSkeleton key={phase} />
        ))}
      </div>
    </div>
  );
}

async function Process({ projectId }: { projectId: string }) {
  await prefetch(trpc.projects.processMap.queryOptions({ projectId }));
  return (
    <HydrateClient>
      <ProcessView />
    </HydrateClient>
  );
}
