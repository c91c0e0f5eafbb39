"use client";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useQueryStates } from "nuqs";
import { Suspense } from "react";
import { countOf, formatBytes } from "../data/format";
import { NewItemButton } from "../feedback/new-item-button";
import { LineageLink } from "../lineage/lineage-link";
import { useProject } from "../providers/project";
import { type RouterOutputs, useTRPC } from "../providers/trpc";
import { PageFrame, TwoColumns } from "../shell/page-frame";
import { routes } from "../shell/routes";
import { Tag } from "../ui/badge";
import { Card } from "../ui/card";
import { CopyId } from "../ui/copy-id";
import { EmptyState } from "../ui/empty-state";
import { PanelBoundary } from "../ui/error-panel";
import { SummaryStrip } from "../ui/key-value";
import { Num } from "../ui/num";
import { TableSkeleton } from "../ui/skeleton";
import { RelativeTime } from "../ui/time";
import { CheckState } from "./datasets-table";
import { datasetView, shownVersion } from "./filters";
import { ImportButton } from "./import-button";
import { RunChecksButton } from "./run-checks-button";
import { ImportCard, LineageCard, VersionsCard } from "./side-cards";
import { VersionTabs } from "./version-tabs";

export type Dataset = RouterOutputs["data"]["byName"];
export type DatasetVersion = RouterOutputs["data"]["getVersion"];

/** One dataset: its versions, and one of them in full. */
export function DatasetView({ name }: { name: string }) {
  const trpc = useTRPC();
  const project = useProject();
  const [view] = useQueryStates(datasetView);
  const { data: dataset } = useSuspenseQuery(trpc.data.byName.queryOptions({ projectId: project.id, name }));
  const shown = shownVersion(dataset.versions, view.version);
  return (
    <PageFrame
      crumbs={[
        { label: project.name, href: routes.project(project.slug) },
        { label: "Datasets", href: routes.datasets(project.slug) },
      ]}
      title={dataset.name}
      status={
        <>
          {dataset.isHoldout && <Tag>hold-out</Tag>}
          {shown && <CheckState hasPassed={shown.hasPassed} />}
        </>
      }
      meta={dataset.description || undefined}
      actions={
        <>
          {shown && <LineageLink kind="dataset_version" reference={shown.id} />}
          {shown && <RequestData dataset={dataset} version={shown} />}
          {shown && <RunChecksButton dataset={dataset} versionId={shown.id} />}
          <ImportButton dataset={dataset} />
        </>
      }
    >
      {shown ? (
        <PanelBoundary key={shown.id}>
          <Suspense fallback={<TableSkeleton rows={8} columns={6} />}>
            <Version dataset={dataset} versionId={shown.id} />
          </Suspense>
        </PanelBoundary>
      ) : (
        <NoVersion dataset={dataset} />
      )}
    </PageFrame>
  );
}

/** Asks the data engineer for a change of the data, with the version and a column filled in. */
function RequestData({ dataset, version }: { dataset: Dataset; version: Dataset["versions"][number] }) {
  const trpc = useTRPC();
  const project = useProject();
  const { data } = useQuery(trpc.data.getVersion.queryOptions({ projectId: project.id, datasetVersionId: version.id }));
  return (
    <NewItemButton
      label="Request data"
      kinds={["F1"]}
      source={{
        kind: "dataset_column",
        datasetVersionId: version.id,
        name: `${dataset.name} v${version.version}`,
        columns: (data?.schema ?? []).map((column) => column.name),
      }}
    />
  );
}

function NoVersion({ dataset }: { dataset: Dataset }) {
  return (
    <Card>
      <EmptyState
        title="No version yet"
        hint={`A CSV file becomes the first version of ${dataset.name}: its rows as a typed table, with a profile of each column.`}
      />
    </Card>
  );
}

function Version({ dataset, versionId }: { dataset: Dataset; versionId: string }) {
  const trpc = useTRPC();
  const project = useProject();
  const { data: version } = useSuspenseQuery(
    trpc.data.getVersion.queryOptions({ projectId: project.id, datasetVersionId: versionId }),
  );
  return (
    <div className="flex flex-col gap-4">
      <SummaryStrip
        pairs={[
          { key: "Version", value: `v${version.version}` },
          { key: "Rows", value: <Num value={version.rows} /> },
          { key: "Columns", value: countOf(version.schema.length, "column") },
          { key: "File", value: formatBytes(version.bytes) },
          { key: "Imported", value: <RelativeTime at={version.createdAt} /> },
          { key: "By", value: version.createdByName },
          { key: "Digest", value: <CopyId value={version.digest} what="dataset digest" /> },
          dataset.licence ? { key: "Licence", value: dataset.licence } : null,
        ]}
      />
      <TwoColumns
        side={
          <>
            <VersionsCard dataset={dataset} shownId={version.id} />
            <ImportCard dataset={dataset} version={version} />
            <LineageCard version={version} />
          </>
        }
      >
        <VersionTabs dataset={dataset} version={version} />
      </TwoColumns>
    </div>
  );
}
