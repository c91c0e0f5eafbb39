"use client";
import { useQueryStates } from "nuqs";
import { Suspense } from "react";
import { Card } from "../ui/card";
import { PanelBoundary } from "../ui/error-panel";
import { TableSkeleton } from "../ui/skeleton";
import { Tabs } from "../ui/tabs";
import { ChecksPanel } from "./checks-panel";
import { ColumnsTable } from "./columns-table";
import type { Dataset, DatasetVersion } from "./dataset-view";
import { datasetView } from "./filters";
import { RowsPreview } from "./rows-preview";

/** Columns, rows and checks of one version; the chosen tab stands in the address. */
export function VersionTabs({ dataset, version }: { dataset: Dataset; version: DatasetVersion }) {
  const [{ tab }, setView] = useQueryStates(datasetView);
  return (
    <Card isFlush>
      <Tabs
        label={`Version ${version.version}`}
        value={tab}
        onChange={(next) => setView({ tab: next, from: null, report: null })}
        tabs={[
          {
            key: "columns",
            label: "Columns",
            count: version.schema.length,
            content: <ColumnsTable profile={version.profile} />,
          },
          {
            key: "rows",
            label: "Rows",
            content: (
              <Loading>
                <RowsPreview version={version} />
              </Loading>
            ),
          },
          {
            key: "checks",
            label: "Checks",
            count: dataset.checkSet?.checks.length ?? 0,
            content: (
              <Loading>
                <ChecksPanel dataset={dataset} version={version} />
              </Loading>
            ),
          },
        ]}
      />
    </Card>
  );
}

function Loading({ children }: { children: React.ReactNode }) {
  return (
    <PanelBoundary>
      <Suspense fallback={<TableSkeleton rows={8} columns={5} className="rounded-none border-0" />}>
        {children}
      </Suspense>
    </PanelBoundary>
  );
}
