import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Suspense } from "react";
import { HydrateClient, loadProject, prefetch, trpc } from "@/app/_server/trpc";
import { MonitorView } from "@/components/monitoring/monitor-view";
import { PageSkeleton, TwoColumns } from "@/components/shell/page-frame";
import { routes } from "@/components/shell/routes";
import { PanelBoundary } from "@/components/ui/error-panel";
import { CardSkeleton } from "@/components/ui/skeleton";

type Props = PageProps<"/p/[project]/monitors/[number]">;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Monitor #${(await params).number}` };
}

export default async function MonitorPage({ params }: Props) {
  const { project: slug, number } = await params;
  if (!/^[1-9]\d{0,8}$/.test(number)) notFound();
  const project = await loadProject(slug);
  const fallback = (
    <PageSkeleton
      crumbs={[
        { label: project.name, href: routes.project(slug) },
        { label: "Monitors", href: routes.monitors(slug) },
      ]}
      name={`Monitor #${number}`}
    >
      <TwoColumns side={<CardSkeleton lines={5} />}>
        <CardSkeleton lines={12} />
        <CardSkeleton lines={6} />
      </TwoColumns>
    </PageSkeleton>
  );
  return (
    <PanelBoundary>
      <Suspense fallback={fallback}>
        <Monitor projectId={project.id} number={Number(number)} />
      </Suspense>
    </PanelBoundary>
  );
}

async function Monitor({ projectId, number }: { projectId: string; number: number }) {
  await prefetch(trpc.monitoring.get.queryOptions({ projectId, number }));
  return (
    <HydrateClient>
      <MonitorView number={number} />
    </HydrateClient>
  );
}
