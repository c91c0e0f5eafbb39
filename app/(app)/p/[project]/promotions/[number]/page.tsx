import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Suspense } from "react";
import { HydrateClient, loadProject, prefetch, trpc } from "@/app/_server/trpc";
import { PromotionView } from "@/components/promotions/promotion-view";
import { PageSkeleton, TwoColumns } from "@/components/shell/page-frame";
import { routes } from "@/components/shell/routes";
import { PanelBoundary } from "@/components/ui/error-panel";
import { CardSkeleton } from "@/components/ui/skeleton";

type Props = PageProps<"/p/[project]/promotions/[number]">;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Promotion #${(await params).number}` };
}

export default async function PromotionPage({ params }: Props) {
  const { project: slug, number } = await params;
  if (!/^\d{1,9}$/.test(number)) notFound();
  const project = await loadProject(slug);
  const fallback = (
    <PageSkeleton
      crumbs={[
        { label: project.name, href: routes.project(slug) },
        { label: "Promotions", href: routes.promotions(slug) },
      ]}
      name={`#${number}`}
    >
      <TwoColumns side={<CardSkeleton lines={6} />}>
        <CardSkeleton lines={6} />
        <CardSkeleton lines={5} />
      </TwoColumns>
    </PageSkeleton>
  );
  return (
    <PanelBoundary>
      <Suspense fallback={fallback}>
        <Promotion projectId={project.id} number={Number(number)} />
      </Suspense>
    </PanelBoundary>
  );
}

async function Promotion({ projectId, number }: { projectId: string; number: number }) {
  await prefetch(trpc.promotions.get.queryOptions({ projectId, number }));
  return (
    <HydrateClient>
      <PromotionView number={number} />
    </HydrateClient>
  );
}
