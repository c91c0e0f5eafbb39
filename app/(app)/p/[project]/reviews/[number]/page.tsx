import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Suspense } from "react";
import { HydrateClient, loadProject, prefetch, trpc } from "@/app/_server/trpc";
import { ReviewView } from "@/components/reviews/review-view";
import { PageSkeleton, TwoColumns } from "@/components/shell/page-frame";
import { routes } from "@/components/shell/routes";
import { PanelBoundary } from "@/components/ui/error-panel";
import { CardSkeleton } from "@/components/ui/skeleton";
import { reviewName } from "@/domain/reviews/outcome";

type Props = PageProps<"/p/[project]/reviews/[number]">;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Review R-${(await params).number}` };
}

export default async function ReviewPage({ params }: Props) {
  const { project: slug, number } = await params;
  if (!/^\d{1,9}$/.test(number)) notFound();
  const project = await loadProject(slug);
  const fallback = (
    <PageSkeleton
      crumbs={[
        { label: project.name, href: routes.project(slug) },
        { label: "Reviews", href: routes.reviews(slug) },
      ]}
      name={reviewName(Number(number))}
    >
      <TwoColumns side={<CardSkeleton lines={5} />}>
        <CardSkeleton lines={6} />
        <CardSkeleton lines={6} />
      </TwoColumns>
    </PageSkeleton>
  );
  return (
    <PanelBoundary>
      <Suspense fallback={fallback}>
        <Review projectId={project.id} number={Number(number)} />
      </Suspense>
    </PanelBoundary>
  );
}

async function Review({ projectId, number }: { projectId: string; number: number }) {
  await prefetch(trpc.reviews.get.queryOptions({ projectId, number }));
  return (
    <HydrateClient>
      <ReviewView number={number} />
    </HydrateClient>
  );
}
