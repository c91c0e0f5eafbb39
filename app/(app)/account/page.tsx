import type { Metadata } from "next";
import { Suspense } from "react";
import { getQueryClient, HydrateClient, prefetch, trpc } from "@/app/_server/trpc";
import { ChangePasswordForm } from "@/components/identity/change-password-form";
import { Sessions } from "@/components/identity/sessions";
import { TokenList } from "@/components/identity/token-list";
import { PageFrame } from "@/components/shell/page-frame";
import { PanelBoundary } from "@/components/ui/error-panel";
import { CardSkeleton } from "@/components/ui/skeleton";

export const metadata: Metadata = { title: "Account" };

export default async function AccountPage() {
  const me = await getQueryClient().fetchQuery(trpc.identity.me.queryOptions());
  return (
    <PageFrame
      crumbs={[]}
      title={me.name}
      name="Account"
      meta={[me.email, me.organisation].filter(Boolean).join(" · ")}
    >
      <PanelBoundary>
        <Suspense fallback={<CardSkeleton lines={6} />}>
          <Account isAdministrator={me.standing === "ADM"} />
        </Suspense>
      </PanelBoundary>
    </PageFrame>
  );
}

const NEEDS_PROJECT =
  "A token belongs to a project: make it in the project's settings. Only an administrator's reaches the organisation.";

async function Account({ isAdministrator }: { isAdministrator: boolean }) {
  await prefetch(trpc.identity.sessions.queryOptions(), trpc.identity.tokens.queryOptions({}));
  return (
    <HydrateClient>
      <div className="flex flex-col gap-4">
        <ChangePasswordForm />
        <Sessions />
        <TokenList projectId={null} newReason={isAdministrator ? null : NEEDS_PROJECT} />
      </div>
    </HydrateClient>
  );
}
