import type { ReactNode } from "react";
import { HydrateClient, loadProject } from "@/app/_server/trpc";
import { ProjectProvider } from "@/components/providers/project";

/** Loads the project once for all its pages; a stranger gets "not found" before anything is drawn. */
export default async function ProjectLayout({ params, children }: LayoutProps<"/p/[project]">) {
  const project = await loadProject((await params).project);
  return (
    <HydrateClient>
      <ProjectProvider slug={project.slug}>{children as ReactNode}</ProjectProvider>
    </HydrateClient>
  );
}
