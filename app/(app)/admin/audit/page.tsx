import type { Metadata } from "next";
import { OrganisationAudit } from "@/components/audit/audit-log";
import { PageFrame } from "@/components/shell/page-frame";
import { routes } from "@/components/shell/routes";
import { PanelBoundary } from "@/components/ui/error-panel";

export const metadata: Metadata = { title: "Audit of all projects" };

export default function OrganisationAuditPage() {
  return (
    <PageFrame
      crumbs={[{ label: "Administration", href: routes.admin() }]}
      title="Audit of all projects"
      name="Audit"
      meta="Sign-ins, people, roles and every project. Without the standing of an administrator or auditor: what you did yourself."
      width="full"
    >
      <PanelBoundary>
        <OrganisationAudit />
      </PanelBoundary>
    </PageFrame>
  );
}
