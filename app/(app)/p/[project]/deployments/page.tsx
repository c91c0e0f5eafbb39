import type { Metadata } from "next";
import { Suspense } from "react";
import { HydrateClient, loadProject, prefetch, trpc } from "@/app/_server/trpc";
import { DeploymentsView } from "@/components/deployments/deployments-view";
import { PageFrame } from "@/components/shell/page-frame";
import { routes } from "@/components/shell/routes";
import { PanelBoundary } from "@/components/ui/error-panel";
import { CardSkeleton } from "@/components/ui/skeleton";

export const metadata: Metadata = { title: "Deployments" };

export default async function DeploymentsPage({ params }: PageProps<"/p/[project]/deployments">) {
  const project = await loadProject((await params).project);
  return (
    <PageFrame
      crumbs={[{ label: project.name, href: routes.project(project.slug) }]}
      title="Deployments"
      meta="What each environment serves, since when, and what it served before."
    >
      <PanelBoundary>
        <Suspense fallback={<CardSkeleton lines={8} />}>
          <Deployments projectId={project.id} />
        </Suspense>
      </PanelBoundary>
    </PageFrame>
  );
}

async function Deployments({ projectId }: { projectId: string }) {
  await prefetch(trpc.deployments.list.queryOptions({ projectId }));
  return (
    <HydrateClient>
      <DeploymentsView />
    </HydrateClient>
  );
}
