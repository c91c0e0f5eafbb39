import type { Metadata } from "next";
import { Suspense } from "react";
import { getQueryClient, HydrateClient, prefetch, trpc } from "@/app/_server/trpc";
import { Grants } from "@/components/identity/grants";
import { People } from "@/components/identity/people";
import { PageFrame } from "@/components/shell/page-frame";
import { ButtonLink } from "@/components/ui/button";
import { ForbiddenPanel, PanelBoundary } from "@/components/ui/error-panel";
import { TableSkeleton } from "@/components/ui/skeleton";
import { refusalSentence } from "@/domain/identity/policy";

export const metadata: Metadata = { title: "Administration" };

export default async function AdminPage() {
  const me = await getQueryClient().fetchQuery(trpc.identity.me.queryOptions());
  const roles = me.standing === "member" ? [] : [me.standing];
  const hidden = refusalSentence(roles, "identity.read_people");
  return (
    <PageFrame
      crumbs={[]}
      title="Administration"
      meta={`People of ${me.organisation ?? "the organisation"}, their standing, and grants that wait for a second administrator.`}
      actions={hidden === null && <ButtonLink href="/admin/audit">Audit of all projects</ButtonLink>}
    >
      {hidden ? (
        <ForbiddenPanel reason={hidden} />
      ) : (
        <PanelBoundary>
          <Suspense fallback={<TableSkeleton rows={8} columns={5} />}>
            <Administration reason={refusalSentence(roles, "identity.manage_people")} />
          </Suspense>
        </PanelBoundary>
      )}
    </PageFrame>
  );
}

async function Administration({ reason }: { reason: string | null }) {
  await prefetch(trpc.identity.people.queryOptions(), trpc.identity.grants.queryOptions());
  return (
    <HydrateClient>
      <div className="flex flex-col gap-4">
        <Grants reason={reason} />
        <People reason={reason} />
      </div>
    </HydrateClient>
  );
}
