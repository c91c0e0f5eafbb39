import type { Metadata } from "next";
import { Suspense } from "react";
import { HydrateClient, loadProject, prefetch, trpc } from "@/app/_server/trpc";
import { RetrainingView } from "@/components/feedback/retraining-view";
import { PageFrame } from "@/components/shell/page-frame";
import { routes } from "@/components/shell/routes";
import { PanelBoundary } from "@/components/ui/error-panel";
import { CardSkeleton } from "@/components/ui/skeleton";

export const metadata: Metadata = { title: "Retraining policies" };

export default async function RetrainingPage({ params }: PageProps<"/p/[project]/feedback/retraining">) {
  const project = await loadProject((await params).project);
  return (
    <PageFrame
      crumbs={[
        { label: project.name, href: routes.project(project.slug) },
        { label: "Feedback", href: routes.feedback(project.slug) },
      ]}
      title="Retraining policies"
      meta="What a decline in quality starts, how often it may, and why it did or did not."
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
  await prefetch(trpc.feedback.retraining.queryOptions({ projectId }));
  return (
    <HydrateClient>
      <RetrainingView />
    </HydrateClient>
  );
}
