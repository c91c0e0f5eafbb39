"use client";
import { useQueryStates } from "nuqs";
import { useProject } from "../providers/project";
import { PanelBoundary } from "../ui/error-panel";
import { Tabs } from "../ui/tabs";
import { settingsFilters } from "./filters";
import { Invitations } from "./invitations";
import { Members } from "./members";
import { ServiceAccounts } from "./service-accounts";
import { TokenList } from "./token-list";

/** Who works in the project, by hand or by program. */
export function SettingsTabs() {
  const [{ tab }, setFilters] = useQueryStates(settingsFilters);
  const project = useProject();
  return (
    <Tabs
      label="Settings"
      value={tab}
      onChange={(next) => void setFilters({ tab: next })}
      tabs={[
        {
          key: "members",
          label: "Members and roles",
          content: (
            <div className="flex flex-col gap-4 pt-4">
              <PanelBoundary>
                <Members />
              </PanelBoundary>
              <PanelBoundary>
                <Invitations />
              </PanelBoundary>
            </div>
          ),
        },
        {
          key: "tokens",
          label: "My tokens",
          content: (
            <div className="pt-4">
              <PanelBoundary>
                <TokenList projectId={project.id} projectName={project.name} />
              </PanelBoundary>
            </div>
          ),
        },
        {
          key: "services",
          label: "Service accounts",
          content: (
            <div className="pt-4">
              <PanelBoundary>
                <ServiceAccounts />
              </PanelBoundary>
            </div>
          ),
        },
      ]}
    />
  );
}
