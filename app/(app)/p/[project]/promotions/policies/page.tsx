import type { Metadata } from "next";
import { Suspense } from "react";
import { HydrateClient, loadProject, prefetch, trpc } from "@/app/_server/trpc";
import { PoliciesView } from "@/components/promotions/policies-view";
import { PageFrame } from "@/components/shell/page-frame";
import { routes } from "@/components/shell/routes";
import { PanelBoundary } from "@/components/ui/error-panel";
import { CardSkeleton } from "@/components/ui/skeleton";

export const metadata: Metadata = { title: "Promotion policies" };

export default async function PoliciesPage({ params }: PageProps<"/p/[project]/promotions/policies">) {
  const project = await loadProject((await params).project);
  return (
    <PageFrame
      crumbs={[
        { label: project.name, href: routes.project(project.slug) },
        { label: "Promotions", href: routes.promotions(project.slug) },
      ]}
      title="Policies"
      meta="What a version must show, and who must sign, before it enters an environment."
    >
      <PanelBoundary>
        <Suspense fallback={<CardSkeleton lines={7} />}>
          <Policies projectId={project.id} />
        </Suspense>
      </PanelBoundary>
    </PageFrame>
  );
}

async function Policies({ projectId }: { projectId: string }) {
  await prefetch(trpc.promotions.policies.queryOptions({ projectId }));
  return (
    <HydrateClient>
      <PoliciesView />
    </HydrateClient>
  );
}
