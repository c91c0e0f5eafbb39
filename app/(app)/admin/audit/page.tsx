import type { Metadata } from "next";
import { Suspense } from "react";
import { getQueryClient, HydrateClient, prefetch, trpc } from "@/app/_server/trpc";
import { OrganisationAudit } from "@/components/audit/audit-log";
import { auditInput, auditPaging, loadAuditFilters } from "@/components/audit/filters";
import { PageFrame } from "@/components/shell/page-frame";
import { routes } from "@/components/shell/routes";
import { PanelBoundary } from "@/components/ui/error-panel";
import { TableSkeleton } from "@/components/ui/skeleton";

export const metadata: Metadata = { title: "Audit of all projects" };

type Props = PageProps<"/admin/audit">;

export default function OrganisationAuditPage({ searchParams }: Props) {
  return (
    <PageFrame
      crumbs={[{ label: "Administration", href: routes.admin() }]}
      title="Audit of all projects"
      name="Audit"
      meta="Sign-ins, people, roles and every project. Who is neither administrator nor auditor sees their own lines."
      width="full"
    >
      <PanelBoundary>
        <Suspense fallback={<TableSkeleton rows={12} columns={6} />}>
          <Trail searchParams={searchParams} />
        </Suspense>
      </PanelBoundary>
    </PageFrame>
  );
}

async function Trail({ searchParams }: Pick<Props, "searchParams">) {
  const input = auditInput(await loadAuditFilters(searchParams));
  await Promise.all([
    getQueryClient().prefetchInfiniteQuery(trpc.audit.listOrganisation.infiniteQueryOptions(input, auditPaging)),
    prefetch(trpc.audit.facetsOrganisation.queryOptions()),
  ]);
  return (
    <HydrateClient>
      <OrganisationAudit />
    </HydrateClient>
  );
}
