import type { Metadata } from "next";
import { Suspense } from "react";
import { getQueryClient, HydrateClient, prefetch, trpc } from "@/app/_server/trpc";
import { MlflowHashRedirect } from "@/components/experiments/hash-redirect";
import { WhatChanged } from "@/components/home/changes";
import { ProductionFleet } from "@/components/home/fleet";
import { Greeting, HomeSentence } from "@/components/home/greeting";
import { MyProjects } from "@/components/home/projects-card";
import { WaitingForMe } from "@/components/home/waiting";
import { PageFrame } from "@/components/shell/page-frame";
import { PanelBoundary } from "@/components/ui/error-panel";
import { CardSkeleton, Skeleton } from "@/components/ui/skeleton";

export const metadata: Metadata = { title: "Home" };

export default function HomePage() {
  return (
    <PageFrame
      crumbs={[{ label: "All projects" }]}
      name="Home"
      title={<Greeting />}
      meta={
        <PanelBoundary>
          <Suspense fallback={<Skeleton className="mt-1 h-3.5 w-72 max-w-full" />}>
            <Sentence />
          </Suspense>
        </PanelBoundary>
      }
    >
      <MlflowHashRedirect />
      <Suspense fallback={<HomeSkeleton />}>
        <Panels />
      </Suspense>
    </PageFrame>
  );
}

async function Sentence() {
  await prefetch(trpc.notifications.waiting.queryOptions(), trpc.notifications.fleet.queryOptions());
  return (
    <HydrateClient>
      <HomeSentence />
    </HydrateClient>
  );
}

async function Panels() {
  const [me] = await Promise.all([
    getQueryClient().fetchQuery(trpc.identity.me.queryOptions()),
    prefetch(
      trpc.notifications.waiting.queryOptions(),
      trpc.notifications.changed.queryOptions(),
      trpc.notifications.fleet.queryOptions(),
      trpc.projects.list.queryOptions(),
    ),
  ]);
  return (
    <HydrateClient>
      <div className="flex flex-col gap-4">
        <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
          <PanelBoundary>
            <WaitingForMe />
          </PanelBoundary>
          <PanelBoundary>
            <WhatChanged />
          </PanelBoundary>
        </div>
        <PanelBoundary>
          <ProductionFleet />
        </PanelBoundary>
        <PanelBoundary>
          <MyProjects standing={me.standing === "member" ? null : me.standing} />
        </PanelBoundary>
      </div>
    </HydrateClient>
  );
}

function HomeSkeleton() {
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
      <CardSkeleton lines={6} />
      <CardSkeleton lines={6} />
    </div>
  );
}
