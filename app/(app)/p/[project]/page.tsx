import type { Metadata } from "next";
import { Suspense } from "react";
import { HydrateClient, loadProject, prefetch, trpc } from "@/app/_server/trpc";
import { OpenPromotions, RecentRuns, Stages } from "@/components/projects/activity";
import { Brief } from "@/components/projects/brief";
import { RoleCoverage } from "@/components/projects/role-coverage";
import { PageFrame, TwoColumns } from "@/components/shell/page-frame";
import { Tag } from "@/components/ui/badge";
import { PanelBoundary } from "@/components/ui/error-panel";
import { CardSkeleton } from "@/components/ui/skeleton";

export const metadata: Metadata = { title: "Brief" };

export default async function ProjectPage({ params }: PageProps<"/p/[project]">) {
  const project = await loadProject((await params).project);
  return (
    <PageFrame
      crumbs={[{ label: project.name }]}
      name="Brief"
      title={project.name}
      status={<Tag>{project.risk} risk</Tag>}
      meta={project.description}
    >
      <Suspense fallback={<ProjectSkeleton />}>
        <Panels projectId={project.id} />
      </Suspense>
    </PageFrame>
  );
}

async function Panels({ projectId }: { projectId: string }) {
  await prefetch(
    trpc.projects.history.queryOptions({ projectId }),
    trpc.notifications.activity.queryOptions({ projectId }),
    trpc.identity.members.queryOptions({ projectId }),
  );
  return (
    <HydrateClient>
      <TwoColumns
        side={
          <>
            <PanelBoundary>
              <Stages />
            </PanelBoundary>
            <PanelBoundary>
              <OpenPromotions />
            </PanelBoundary>
            <PanelBoundary>
              <RoleCoverage />
            </PanelBoundary>
          </>
        }
      >
        <PanelBoundary>
          <Brief />
        </PanelBoundary>
        <PanelBoundary>
          <RecentRuns />
        </PanelBoundary>
      </TwoColumns>
    </HydrateClient>
  );
}

function ProjectSkeleton() {
  return (
    <TwoColumns
      side={
        <>
          <CardSkeleton lines={3} />
          <CardSkeleton lines={7} />
        </>
      }
    >
      <CardSkeleton lines={4} />
      <CardSkeleton lines={5} />
    </TwoColumns>
  );
}
