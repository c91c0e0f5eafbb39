import type { Metadata } from "next";
import { Suspense } from "react";
import { getQueryClient, HydrateClient, loadProject, prefetch, trpc } from "@/app/_server/trpc";
import { ProjectAudit } from "@/components/audit/audit-log";
import { auditInput, auditPaging, loadAuditFilters } from "@/components/audit/filters";
import { PageFrame } from "@/components/shell/page-frame";
import { routes } from "@/components/shell/routes";
import { PanelBoundary } from "@/components/ui/error-panel";
import { TableSkeleton } from "@/components/ui/skeleton";
import { reachOf } from "@/domain/identity/policy";

export const metadata: Metadata = { title: "Audit" };

type Props = PageProps<"/p/[project]/audit">;

export default async function AuditPage({ params, searchParams }: Props) {
  const project = await loadProject((await params).project);
  const isOwnOnly = reachOf(project.roles, "audit.read") === "own";
  return (
    <PageFrame
      crumbs={[{ label: project.name, href: routes.project(project.slug) }]}
      title="Audit"
      meta={
        isOwnOnly
          ? "What you did here. Your role reaches your own lines."
          : "Everything that was done here, line by line, each with its proof."
      }
      width="full"
    >
      <PanelBoundary>
        <Suspense fallback={<TableSkeleton rows={12} columns={6} />}>
          <Trail projectId={project.id} searchParams={searchParams} />
        </Suspense>
      </PanelBoundary>
    </PageFrame>
  );
}

async function Trail({ projectId, searchParams }: { projectId: string; searchParams: Props["searchParams"] }) {
  const input = auditInput(await loadAuditFilters(searchParams));
  await Promise.all([
    getQueryClient().prefetchInfiniteQuery(trpc.audit.list.infiniteQueryOptions({ ...input, projectId }, auditPaging)),
    prefetch(trpc.audit.facets.queryOptions({ projectId })),
  ]);
  return (
    <HydrateClient>
      <ProjectAudit />
    </HydrateClient>
  );
}
