import type { Metadata } from "next";
import { Suspense } from "react";
import { HydrateClient, loadProject, prefetch, trpc } from "@/app/_server/trpc";
import { depthOf, loadLineageFilters } from "@/components/lineage/filters";
import { LineageView } from "@/components/lineage/lineage-view";
import { PageFrame } from "@/components/shell/page-frame";
import { routes } from "@/components/shell/routes";
import { PanelBoundary } from "@/components/ui/error-panel";
import { CardSkeleton } from "@/components/ui/skeleton";
import { nodeOfText } from "@/domain/lineage/contracts";

export const metadata: Metadata = { title: "Lineage" };

type Props = PageProps<"/p/[project]/lineage">;

export default async function LineagePage({ params, searchParams }: Props) {
  const project = await loadProject((await params).project);
  return (
    <PageFrame
      crumbs={[{ label: project.name, href: routes.project(project.slug) }]}
      title="Lineage"
      meta="What an artefact came from, and what came of it."
      width="full"
    >
      <PanelBoundary>
        <Suspense fallback={<CardSkeleton lines={8} />}>
          <Lineage projectId={project.id} searchParams={searchParams} />
        </Suspense>
      </PanelBoundary>
    </PageFrame>
  );
}

async function Lineage({ projectId, searchParams }: { projectId: string; searchParams: Props["searchParams"] }) {
  const { node: text, direction, depth, q } = await loadLineageFilters(searchParams);
  const node = text === null ? null : nodeOfText(text);
  await prefetch(
    node
      ? trpc.lineage.get.queryOptions({ projectId, ...node, direction, depth: depthOf(depth) })
      : trpc.lineage.search.queryOptions({ projectId, text: q }),
  );
  return (
    <HydrateClient>
      <LineageView />
    </HydrateClient>
  );
}
