"use client";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useQueryStates } from "nuqs";
import type { ReactNode } from "react";
import { type Column, DataTable } from "../data/data-table";
import { formatBytes } from "../data/format";
import { StatusBadge } from "../data/status-badge";
import { useProject } from "../providers/project";
import { type RouterOutputs, useTRPC } from "../providers/trpc";
import { PageFrame } from "../shell/page-frame";
import { routes } from "../shell/routes";
import { Card } from "../ui/card";
import { CodeBlock } from "../ui/code-block";
import { CopyId } from "../ui/copy-id";
import { ErrorPanel } from "../ui/error-panel";
import { Select } from "../ui/field";
import { TextSkeleton } from "../ui/skeleton";
import { Tabs } from "../ui/tabs";
import { RelativeTime } from "../ui/time";
import { pipelinePlace } from "./filters";
import { codeOf } from "./run-words";
import { RunsTable } from "./runs-table";
import { StartButton } from "./start-button";

type Pipeline = RouterOutputs["pipelines"]["get"];

/** One pipeline: its runs, the definition as it was pushed, and its versions. */
export function PipelineView({ name }: { name: string }) {
  const trpc = useTRPC();
  const project = useProject();
  const [place, setPlace] = useQueryStates(pipelinePlace);
  const { data: pipeline } = useSuspenseQuery(trpc.pipelines.get.queryOptions({ projectId: project.id, name }));
  const [newest] = pipeline.versions;
  return (
    <PageFrame
      width="full"
      crumbs={[
        { label: project.name, href: routes.project(project.slug) },
        { label: "Pipelines", href: routes.pipelines(project.slug) },
      ]}
      title={pipeline.name}
      status={<StatusBadge kind="pipelineKind" state={pipeline.current.kind} />}
      meta={
        newest && (
          <>
            Version {newest.version} was pushed by {newest.pushedBy} <RelativeTime at={newest.createdAt} />,{" "}
            {newest.commit ? `code ${codeOf(newest)}` : "without a commit"}.{" "}
            {pipeline.current.kind === "development" && "A model of a development pipeline cannot be proposed."}
          </>
        )
      }
      actions={<StartButton pipeline={pipeline} />}
    >
      <Tabs
        label={`Parts of ${pipeline.name}`}
        value={place.tab}
        onChange={(tab) => void setPlace({ tab })}
        tabs={[
          {
            key: "runs",
            label: "Runs",
            content: (
              <Part>
                <RunsTable pipelineId={pipeline.id} />
              </Part>
            ),
          },
          {
            key: "definition",
            label: "Definition",
            content: (
              <Part>
                <Definition
                  pipeline={pipeline}
                  version={place.version}
                  onVersion={(version) => void setPlace({ version })}
                />
              </Part>
            ),
          },
          {
            key: "versions",
            label: "Versions",
            count: pipeline.versions.length,
            content: (
              <Part>
                <Versions pipeline={pipeline} />
              </Part>
            ),
          },
        ]}
      />
    </PageFrame>
  );
}

function Part({ children }: { children: ReactNode }) {
  return <div className="pt-4">{children}</div>;
}

type DefinitionProps = { pipeline: Pipeline; version: number | null; onVersion: (version: number | null) => void };

function Definition({ pipeline, version, onVersion }: DefinitionProps) {
  const trpc = useTRPC();
  const project = useProject();
  const shown = version ?? pipeline.current.version;
  const other = useQuery(
    trpc.pipelines.version.queryOptions(
      { projectId: project.id, pipelineId: pipeline.id, version: shown },
      { enabled: shown !== pipeline.current.version },
    ),
  );
  const read = shown === pipeline.current.version ? pipeline.current : other.data;
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_22rem]">
      <Card
        title="Definition"
        isFlush
        aside={
          <Select
            aria-label="Version"
            className="w-28"
            value={String(shown)}
            options={pipeline.versions.map((each) => ({ value: String(each.version), label: `v${each.version}` }))}
            onChange={(event) =>
              onVersion(Number(event.target.value) === pipeline.current.version ? null : Number(event.target.value))
            }
          />
        }
      >
        {other.error ? (
          <ErrorPanel error={other.error} onRetry={() => void other.refetch()} />
        ) : read ? (
          <CodeBlock code={read.definition} label="definition" className="rounded-none border-0" />
        ) : (
          <div className="p-3.5">
            <TextSkeleton lines={12} />
          </div>
        )}
      </Card>
      {read && <Files files={read.files} />}
    </div>
  );
}

function Files({ files }: { files: Pipeline["current"]["files"] }) {
  return (
    <Card title="Files of the bundle" isFlush>
      <ul className="text-sm">
        {files.map((file) => (
          <li
            key={file.path}
            className="flex items-baseline justify-between gap-3 border-b border-line px-3.5 py-1.5 last:border-b-0"
          >
            <span className="min-w-0 font-mono text-xs break-all">{file.path}</span>
            <span className="figures shrink-0 text-xs text-muted">{formatBytes(file.bytes)}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

const versionColumns: readonly Column<Pipeline["versions"][number]>[] = [
  { id: "version", header: "Version", cell: (row) => `v${row.version}` },
  {
    id: "kind",
    header: "Kind",
    onPhone: "status",
    cell: (row) => <StatusBadge kind="pipelineKind" state={row.kind} />,
  },
  { id: "code", header: "Code", cell: (row) => <span className="font-mono text-xs">{codeOf(row)}</span> },
  {
    id: "bundle",
    header: "Bundle",
    isInteractive: true,
    cell: (row) => <CopyId value={row.bundleDigest} what="digest of the bundle" />,
  },
  { id: "size", header: "Size", align: "right", cell: (row) => formatBytes(row.bundleBytes) },
  { id: "by", header: "Pushed by", cell: (row) => row.pushedBy },
  { id: "at", header: "Pushed", cell: (row) => <RelativeTime at={row.createdAt} /> },
];

function Versions({ pipeline }: { pipeline: Pipeline }) {
  return (
    <DataTable
      label="Versions"
      rows={pipeline.versions}
      columns={versionColumns}
      rowKey={(row) => String(row.version)}
    />
  );
}
