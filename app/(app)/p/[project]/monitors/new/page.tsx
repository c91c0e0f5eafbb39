import type { Metadata } from "next";
import { Suspense } from "react";
import { HydrateClient, loadProject, prefetch, trpc } from "@/app/_server/trpc";
import { CreateMonitorForm } from "@/components/monitoring/create-form";
import { PageFrame } from "@/components/shell/page-frame";
import { routes } from "@/components/shell/routes";
import { PanelBoundary } from "@/components/ui/error-panel";
import { CardSkeleton } from "@/components/ui/skeleton";

export const metadata: Metadata = { title: "New monitor" };

export default async function NewMonitorPage({ params }: PageProps<"/p/[project]/monitors/new">) {
  const project = await loadProject((await params).project);
  return (
    <PageFrame
      crumbs={[
        { label: project.name, href: routes.project(project.slug) },
        { label: "Monitors", href: routes.monitors(project.slug) },
      ]}
      title="New monitor"
      meta="It starts to judge when an ML engineer and a data scientist have signed its limits."
    >
      <PanelBoundary>
        <Suspense fallback={<CardSkeleton lines={8} />}>
          <Form projectId={project.id} />
        </Suspense>
      </PanelBoundary>
    </PageFrame>
  );
}

async function Form({ projectId }: { projectId: string }) {
  await prefetch(trpc.monitoring.options.queryOptions({ projectId }));
  return (
    <HydrateClient>
      <CreateMonitorForm />
    </HydrateClient>
  );
}
