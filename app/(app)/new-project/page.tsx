import type { Metadata } from "next";
import { getQueryClient, trpc } from "@/app/_server/trpc";
import { NewProjectForm } from "@/components/projects/new-project-form";
import { PageFrame } from "@/components/shell/page-frame";

export const metadata: Metadata = { title: "New project" };

export default async function NewProjectPage() {
  const client = getQueryClient();
  const [me, projects] = await Promise.all([
    client.fetchQuery(trpc.identity.me.queryOptions()),
    client.fetchQuery(trpc.projects.list.queryOptions()),
  ]);
  const standing = me.standing === "member" ? [] : [me.standing];
  const roles = [...new Set([...projects.flatMap((project) => project.roles), ...standing])];
  return (
    <PageFrame
      crumbs={[{ label: "All projects" }]}
      title="New project"
      meta="It gets two environments: staging, and production behind it."
    >
      <NewProjectForm roles={roles} />
    </PageFrame>
  );
}
