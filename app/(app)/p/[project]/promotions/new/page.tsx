import type { Metadata } from "next";
import { Suspense } from "react";
import { HydrateClient, loadProject, prefetch, trpc } from "@/app/_server/trpc";
import { ProposeForm } from "@/components/promotions/propose-form";
import { PageFrame } from "@/components/shell/page-frame";
import { routes } from "@/components/shell/routes";
import { PanelBoundary } from "@/components/ui/error-panel";
import { CardSkeleton } from "@/components/ui/skeleton";

export const metadata: Metadata = { title: "Propose a version" };

export default async function NewPromotionPage({ params }: PageProps<"/p/[project]/promotions/new">) {
  const project = await loadProject((await params).project);
  return (
    <PageFrame
      crumbs={[
        { label: project.name, href: routes.project(project.slug) },
        { label: "Promotions", href: routes.promotions(project.slug) },
      ]}
      title="Propose a version"
      meta="The platform evaluates it, the people named by the policy sign, and it deploys by itself."
    >
      <PanelBoundary>
        <Suspense fallback={<CardSkeleton lines={6} className="max-w-2xl" />}>
          <Form projectId={project.id} />
        </Suspense>
      </PanelBoundary>
    </PageFrame>
  );
}

async function Form({ projectId }: { projectId: string }) {
  await prefetch(trpc.promotions.candidates.queryOptions({ projectId }));
  return (
    <HydrateClient>
      <ProposeForm />
    </HydrateClient>
  );
}
