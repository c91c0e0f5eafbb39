import type { Metadata } from "next";
import { loadProject } from "@/app/_server/trpc";
import { ProjectAudit } from "@/components/audit/audit-log";
import { PageFrame } from "@/components/shell/page-frame";
import { routes } from "@/components/shell/routes";
import { PanelBoundary } from "@/components/ui/error-panel";
import { reachOf } from "@/domain/identity/policy";

export const metadata: Metadata = { title: "Audit" };

export default async function AuditPage({ params }: PageProps<"/p/[project]/audit">) {
  const project = await loadProject((await params).project);
  const isOwnOnly = reachOf(project.roles, "audit.read") === "own";
  return (
    <PageFrame
      crumbs={[{ label: project.name, href: routes.project(project.slug) }]}
      title="Audit"
      meta={
        isOwnOnly
          ? "What you did here. Your role reaches your own lines."
          : "Everything that was done here, line by line, each with its proof."
      }
      width="full"
    >
      <PanelBoundary>
        <ProjectAudit />
      </PanelBoundary>
    </PageFrame>
  );
}
