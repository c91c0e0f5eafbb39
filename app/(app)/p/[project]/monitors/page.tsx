import type { Metadata } from "next";
import { Suspense } from "react";
import { HydrateClient, loadProject, prefetch, trpc } from "@/app/_server/trpc";
import { AlertsTable } from "@/components/monitoring/alerts-table";
import { MonitorsTable } from "@/components/monitoring/monitors-table";
import { NewMonitorLink } from "@/components/monitoring/new-monitor-link";
import { PageFrame } from "@/components/shell/page-frame";
import { routes } from "@/components/shell/routes";
import { PanelBoundary } from "@/components/ui/error-panel";
import { TableSkeleton } from "@/components/ui/skeleton";

export const metadata: Metadata = { title: "Monitors" };

export default async function MonitorsPage({ params }: PageProps<"/p/[project]/monitors">) {
  const project = await loadProject((await params).project);
  return (
    <PageFrame
      crumbs={[{ label: project.name, href: routes.project(project.slug) }]}
      title="Monitors"
      width="full"
      meta="Models in traffic, judged quarter by quarter against limits that two people signed."
      actions={<NewMonitorLink />}
    >
      <PanelBoundary>
        <Suspense fallback={<TableSkeleton rows={4} columns={8} />}>
          <Monitors projectId={project.id} />
        </Suspense>
      </PanelBoundary>
      <h2 className="mt-8 mb-3 font-semibold">Alerts</h2>
      <PanelBoundary>
        <Suspense fallback={<TableSkeleton rows={3} columns={7} />}>
          <Alerts projectId={project.id} />
        </Suspense>
      </PanelBoundary>
    </PageFrame>
  );
}

async function Monitors({ projectId }: { projectId: string }) {
  await prefetch(trpc.monitoring.list.queryOptions({ projectId }));
  return (
    <HydrateClient>
      <MonitorsTable />
    </HydrateClient>
  );
}

async function Alerts({ projectId }: { projectId: string }) {
  await prefetch(trpc.monitoring.alerts.queryOptions({ projectId }));
  return (
    <HydrateClient>
      <AlertsTable />
    </HydrateClient>
  );
}
