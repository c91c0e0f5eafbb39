import type { Metadata } from "next";
import { Suspense } from "react";
import { HydrateClient, loadProject, prefetch, trpc } from "@/app/_server/trpc";
import { SettingsTabs } from "@/components/identity/settings-tabs";
import { PageFrame } from "@/components/shell/page-frame";
import { routes } from "@/components/shell/routes";
import { PanelBoundary } from "@/components/ui/error-panel";
import { TableSkeleton } from "@/components/ui/skeleton";
import { can } from "@/domain/identity/policy";

export const metadata: Metadata = { title: "Settings" };

export default async function SettingsPage({ params }: PageProps<"/p/[project]/settings">) {
  const project = await loadProject((await params).project);
  return (
    <PageFrame
      crumbs={[{ label: project.name, href: routes.project(project.slug) }]}
      title="Settings"
      meta="Who works here, with which roles, and by which programs."
    >
      <PanelBoundary>
        <Suspense fallback={<TableSkeleton rows={6} columns={4} />}>
          <Settings projectId={project.id} isInviting={can(project.roles, "identity.invite")} />
        </Suspense>
      </PanelBoundary>
    </PageFrame>
  );
}

async function Settings({ projectId, isInviting }: { projectId: string; isInviting: boolean }) {
  await prefetch(
    trpc.identity.members.queryOptions({ projectId }),
    trpc.identity.tokens.queryOptions({ projectId }),
    trpc.identity.serviceAccounts.queryOptions({ projectId }),
    ...(isInviting ? [trpc.identity.invitations.queryOptions({ projectId })] : []),
  );
  return (
    <HydrateClient>
      <SettingsTabs />
    </HydrateClient>
  );
}
