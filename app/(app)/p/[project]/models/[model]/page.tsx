import type { Metadata } from "next";
import { Suspense } from "react";
import { HydrateClient, loadProject, prefetch, trpc } from "@/app/_server/trpc";
import { ModelView } from "@/components/registry/model-view";
import { PageSkeleton } from "@/components/shell/page-frame";
import { routes } from "@/components/shell/routes";
import { PanelBoundary } from "@/components/ui/error-panel";
import { TableSkeleton } from "@/components/ui/skeleton";

type Props = PageProps<"/p/[project]/models/[model]">;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodeURIComponent((await params).model) };
}

export default async function ModelPage({ params }: Props) {
  const { project: slug, model } = await params;
  const project = await loadProject(slug);
  const name = decodeURIComponent(model);
  const crumbs = [
    { label: project.name, href: routes.project(project.slug) },
    { label: "Models", href: routes.models(project.slug) },
  ];
  return (
    <PanelBoundary>
      <Suspense
        fallback={
          <PageSkeleton crumbs={crumbs} name={name}>
            <TableSkeleton rows={4} columns={6} />
          </PageSkeleton>
        }
      >
        <Model projectId={project.id} name={name} />
      </Suspense>
    </PanelBoundary>
  );
}

async function Model({ projectId, name }: { projectId: string; name: string }) {
  await prefetch(trpc.registry.get.queryOptions({ projectId, name }));
  return (
    <HydrateClient>
      <ModelView name={name} />
    </HydrateClient>
  );
}
