import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Suspense } from "react";
import { HydrateClient, loadProject, prefetch, trpc } from "@/app/_server/trpc";
import { ItemView } from "@/components/feedback/item-view";
import { PageSkeleton, TwoColumns } from "@/components/shell/page-frame";
import { routes } from "@/components/shell/routes";
import { PanelBoundary } from "@/components/ui/error-panel";
import { CardSkeleton } from "@/components/ui/skeleton";

type Props = PageProps<"/p/[project]/feedback/[number]">;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Feedback #${(await params).number}` };
}

export default async function FeedbackItemPage({ params }: Props) {
  const { project: slug, number } = await params;
  if (!/^\d{1,9}$/.test(number)) notFound();
  const project = await loadProject(slug);
  const fallback = (
    <PageSkeleton
      crumbs={[
        { label: project.name, href: routes.project(slug) },
        { label: "Feedback", href: routes.feedback(slug) },
      ]}
      name={`#${number}`}
    >
      <TwoColumns side={<CardSkeleton lines={5} />}>
        <CardSkeleton lines={6} />
        <CardSkeleton lines={4} />
      </TwoColumns>
    </PageSkeleton>
  );
  return (
    <PanelBoundary>
      <Suspense fallback={fallback}>
        <Item projectId={project.id} number={Number(number)} />
      </Suspense>
    </PanelBoundary>
  );
}

async function Item({ projectId, number }: { projectId: string; number: number }) {
  await prefetch(trpc.feedback.get.queryOptions({ projectId, number }));
  return (
    <HydrateClient>
      <ItemView number={number} />
    </HydrateClient>
  );
}
