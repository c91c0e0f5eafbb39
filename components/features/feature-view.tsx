"use client";
import { useSuspenseQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useQueryStates } from "nuqs";
import { viewVersionName } from "@/domain/features/view-reference";
import { type Column, DataTable } from "../data/data-table";
import { countOf } from "../data/format";
import { ChangeReportCard } from "../lineage/change-report-card";
import { LineageLink } from "../lineage/lineage-link";
import { useProject } from "../providers/project";
import { useTRPC } from "../providers/trpc";
import { PageFrame, TwoColumns } from "../shell/page-frame";
import { routes } from "../shell/routes";
import { Card } from "../ui/card";
import { CopyId } from "../ui/copy-id";
import { SummaryStrip } from "../ui/key-value";
import { RelativeTime } from "../ui/time";
import { ChangeViewButton } from "./change-view-button";
import { CopiesCard } from "./copies-card";
import { shownView } from "./filters";
import { LookUpCard } from "./look-up-card";
import { PublishButton } from "./publish-button";
import { SignaturesCard } from "./signatures";
import { UsesCard } from "./uses";
import { VersionsCard } from "./versions-card";
import { SignedBadge } from "./views-table";
import { lifeText, type View, type ViewVersion } from "./words";

/** One feature view: what a version says, who signed it, what uses it, and its values online. */
export function FeatureView({ name }: { name: string }) {
  const trpc = useTRPC();
  const project = useProject();
  const [{ version: wanted }] = useQueryStates(shownView);
  const { data: view } = useSuspenseQuery(trpc.features.byName.queryOptions({ projectId: project.id, name }));
  const shown = view.versions.find((version) => version.version === wanted) ?? view.versions[0];
  return (
    <PageFrame
      crumbs={[
        { label: project.name, href: routes.project(project.slug) },
        { label: "Features", href: routes.features(project.slug) },
      ]}
      name={view.name}
      title={
        <>
          {view.name} {shown && <span className="font-medium text-muted">v{shown.version}</span>}
        </>
      }
      status={shown && <SignedBadge state={shown.approvalState} />}
      meta={shown?.definition.description || undefined}
      actions={
        <>
          {shown && <LineageLink kind="feature_view" reference={shown.id} />}
          {shown && <PublishButton view={view} version={shown} />}
          <ChangeViewButton view={view} />
        </>
      }
    >
      {shown && <Version view={view} version={shown} />}
    </PageFrame>
  );
}

function Version({ view, version }: { view: View; version: ViewVersion }) {
  const project = useProject();
  const { definition } = version;
  return (
    <div className="flex flex-col gap-4">
      <SummaryStrip
        pairs={[
          {
            key: "Dataset",
            value: (
              <Link href={routes.dataset(project.slug, view.dataset.name)} className="hover:text-accent">
                {view.dataset.name}
              </Link>
            ),
          },
          { key: "Entity", value: definition.entityColumns.join(", ") },
          { key: "Event time", value: definition.eventTimeColumn },
          definition.createdTimeColumn ? { key: "Created time", value: definition.createdTimeColumn } : null,
          { key: "Time to live", value: lifeText(definition.timeToLiveSeconds) },
          { key: "Defined", value: <RelativeTime at={version.createdAt} /> },
          { key: "By", value: version.author.name },
          { key: "Digest", value: <CopyId value={version.digest} what="definition digest" /> },
        ]}
      />
      <TwoColumns
        side={
          <>
            <SignaturesCard key={version.id} view={view} version={version} />
            <UsesCard uses={view.uses} />
            <ChangeReportCard kind="feature_view" reference={version.id} />
          </>
        }
      >
        <ColumnsCard view={view} version={version} />
        <VersionsCard view={view} shown={version} />
        <CopiesCard view={view} />
        <LookUpCard key={version.id} view={view} />
      </TwoColumns>
    </div>
  );
}

type FeatureColumn = ViewVersion["definition"]["columns"][number];

const columns: readonly Column<FeatureColumn>[] = [
  { id: "name", header: "Column", cell: (row) => row.name },
  { id: "type", header: "Type", onPhone: "meta", className: "text-muted", cell: (row) => row.type },
  {
    id: "expression",
    header: "Expression",
    cell: (row) => <code className="text-xs break-words whitespace-pre-wrap">{row.expression}</code>,
  },
];

function ColumnsCard({ view, version }: { view: View; version: ViewVersion }) {
  const rows = version.definition.columns;
  return (
    <Card title="Columns" aside={countOf(rows.length, "column")} isFlush>
      <DataTable
        label={`Columns of ${viewVersionName(view.name, version.version)}`}
        rows={rows}
        columns={columns}
        rowKey={(row) => row.name}
        density="comfortable"
        isBare
      />
    </Card>
  );
}
