"use client";
import { useSuspenseQuery } from "@tanstack/react-query";
import { type Column, DataTable } from "../data/data-table";
import { countOf, formatMetric } from "../data/format";
import { useProject } from "../providers/project";
import { type RouterOutputs, useTRPC } from "../providers/trpc";
import { PageFrame } from "../shell/page-frame";
import { routes } from "../shell/routes";
import { Card } from "../ui/card";
import { CodeBlock } from "../ui/code-block";
import { EmptyState } from "../ui/empty-state";
import { RelativeTime } from "../ui/time";
import { AliasTags } from "./alias-tags";
import { ORIGIN_WORDS } from "./words";

type Model = RouterOutputs["registry"]["get"];
type Version = Model["versions"][number];

const NONE = <span className="text-faint">–</span>;

function columnsOf(model: Model): readonly Column<Version>[] {
  const measured = [
    ...new Set(model.versions.flatMap((version) => Object.keys(version.evaluation?.metrics ?? {}))),
  ].slice(0, 4);
  const own = measured.length > 0 ? { group: "Version" } : {};
  return [
    { id: "version", header: "Version", ...own, cell: (row) => `v${row.version}` },
    {
      id: "aliases",
      header: "Aliases",
      ...own,
      onPhone: "status",
      cell: (row) =>
        row.aliases.length === 0 ? NONE : <AliasTags aliases={row.aliases.map((alias) => ({ alias }))} />,
    },
    {
      id: "at",
      header: "Registered",
      ...own,
      onPhone: "meta",
      className: "text-muted whitespace-nowrap",
      cell: (row) => <RelativeTime at={row.createdAt} />,
    },
    { id: "by", header: "By", ...own, cell: (row) => row.registeredBy ?? "a policy" },
    {
      id: "origin",
      header: "From",
      ...own,
      onPhone: "none",
      className: "whitespace-nowrap",
      cell: (row) => ORIGIN_WORDS[row.origin],
    },
    {
      id: "commit",
      header: "Commit",
      ...own,
      onPhone: "none",
      className: "font-mono text-xs",
      cell: (row) => row.commit?.slice(0, 8) ?? NONE,
    },
    ...measured.map(
      (key): Column<Version> => ({
        id: key,
        header: key,
        group: "Measured by the platform",
        align: "right",
        cell: (row) => {
          const value = row.evaluation?.metrics[key];
          return value === undefined ? NONE : formatMetric(value);
        },
      }),
    ),
  ];
}

/** A registered model with its versions, newest first. */
export function ModelView({ name }: { name: string }) {
  const trpc = useTRPC();
  const project = useProject();
  const { data: model } = useSuspenseQuery(trpc.registry.get.queryOptions({ projectId: project.id, name }));
  return (
    <PageFrame
      crumbs={[
        { label: project.name, href: routes.project(project.slug) },
        { label: "Models", href: routes.models(project.slug) },
      ]}
      title={model.name}
      status={<AliasTags aliases={model.aliases} />}
      meta={`Registered model · ${countOf(model.versions.length, "version")}${model.description ? ` · ${model.description}` : ""}`}
    >
      <div className="flex flex-col gap-4">
        {model.versions.length === 0 ? (
          <EmptyState title="No versions yet" hint="The register step of a pipeline makes one." />
        ) : (
          <DataTable
            label={`Versions of ${model.name}`}
            rows={model.versions}
            columns={columnsOf(model)}
            rowKey={(row) => row.id}
            rowHref={(row) => routes.modelVersion(project.slug, model.name, row.version)}
          />
        )}
        <Card title="Load it in Python">
          <CodeBlock
            label="loading lines"
            code={`import mlflow\n\nmodel = mlflow.onnx.load_model(${JSON.stringify(`models:/${model.name}@production`)})`}
          />
          <p className="mt-2 text-sm text-pretty text-muted">
            The aliases staging and production follow what is deployed. A promotion moves them, and nothing else does.
          </p>
        </Card>
      </div>
    </PageFrame>
  );
}
