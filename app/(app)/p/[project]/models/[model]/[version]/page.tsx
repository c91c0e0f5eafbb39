import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Suspense } from "react";
import { HydrateClient, loadProject, prefetch, trpc } from "@/app/_server/trpc";
import { VersionView } from "@/components/registry/version-view";
import { PageSkeleton } from "@/components/shell/page-frame";
import { routes } from "@/components/shell/routes";
import { PanelBoundary } from "@/components/ui/error-panel";
import { CardSkeleton } from "@/components/ui/skeleton";

type Props = PageProps<"/p/[project]/models/[model]/[version]">;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { model, version } = await params;
  return { title: `${decodeURIComponent(model)} v${version}` };
}

export default async function VersionPage({ params }: Props) {
  const { project: slug, model, version } = await params;
  const project = await loadProject(slug);
  if (!/^[1-9]\d{0,8}$/.test(version)) notFound();
  const at = { name: decodeURIComponent(model), version: Number(version) };
  const crumbs = [
    { label: project.name, href: routes.project(project.slug) },
    { label: "Models", href: routes.models(project.slug) },
    { label: at.name, href: routes.model(project.slug, at.name) },
  ];
  return (
    <PanelBoundary>
      <Suspense
        fallback={
          <PageSkeleton crumbs={crumbs} name={`${at.name} v${at.version}`}>
            <CardSkeleton lines={8} />
          </PageSkeleton>
        }
      >
        <Version projectId={project.id} {...at} />
      </Suspense>
    </PanelBoundary>
  );
}

async function Version({ projectId, name, version }: { projectId: string; name: string; version: number }) {
  await prefetch(trpc.registry.version.queryOptions({ projectId, name, version }));
  return (
    <HydrateClient>
      <VersionView name={name} version={version} />
    </HydrateClient>
  );
}
