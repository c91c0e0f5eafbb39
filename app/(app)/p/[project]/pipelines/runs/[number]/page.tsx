import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Suspense } from "react";
import { HydrateClient, loadProject, prefetch, trpc } from "@/app/_server/trpc";
import { RunView } from "@/components/pipelines/run-view";
import { PageSkeleton } from "@/components/shell/page-frame";
import { routes } from "@/components/shell/routes";
import { PanelBoundary } from "@/components/ui/error-panel";
import { CardSkeleton } from "@/components/ui/skeleton";

type Props = PageProps<"/p/[project]/pipelines/runs/[number]">;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Run #${(await params).number}` };
}

export default async function RunPage({ params }: Props) {
  const { project: slug, number } = await params;
  if (!/^[1-9]\d{0,8}$/.test(number)) notFound();
  const project = await loadProject(slug);
  const fallback = (
    <PageSkeleton
      crumbs={[
        { label: project.name, href: routes.project(slug) },
        { label: "Pipelines", href: routes.pipelines(slug) },
      ]}
      name={`#${number}`}
    >
      <div className="flex flex-col gap-4">
        <CardSkeleton lines={1} />
        <div className="grid gap-4 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
          <CardSkeleton lines={10} />
          <CardSkeleton lines={10} />
        </div>
        <CardSkeleton lines={5} />
      </div>
    </PageSkeleton>
  );
  return (
    <PanelBoundary>
      <Suspense fallback={fallback}>
        <Run projectId={project.id} number={Number(number)} />
      </Suspense>
    </PanelBoundary>
  );
}

async function Run({ projectId, number }: { projectId: string; number: number }) {
  await prefetch(trpc.pipelines.run.queryOptions({ projectId, number }));
  return (
    <HydrateClient>
      <RunView number={number} />
    </HydrateClient>
  );
}
