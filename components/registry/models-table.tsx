"use client";
import { useSuspenseQuery } from "@tanstack/react-query";
import { type Column, DataTable } from "../data/data-table";
import { useProject } from "../providers/project";
import { type RouterOutputs, useTRPC } from "../providers/trpc";
import { routes } from "../shell/routes";
import { ButtonLink } from "../ui/button";
import { EmptyState } from "../ui/empty-state";
import { RelativeTime } from "../ui/time";
import { AliasTags } from "./alias-tags";

type Row = RouterOutputs["registry"]["list"][number];

const NONE = <span className="text-faint">–</span>;

const columns: readonly Column<Row>[] = [
  { id: "name", header: "Model", cell: (row) => row.name },
  {
    id: "aliases",
    header: "Aliases",
    cell: (row) => (row.aliases.length === 0 ? NONE : <AliasTags aliases={row.aliases} />),
  },
  {
    id: "newest",
    header: "Newest",
    align: "right",
    onPhone: "status",
    cell: (row) => (row.newest ? `v${row.newest.version}` : "–"),
  },
  { id: "versions", header: "Versions", align: "right", cell: (row) => row.versions },
  { id: "by", header: "Registered by", onPhone: "none", cell: (row) => row.newest?.registeredBy ?? NONE },
  {
    id: "updated",
    header: "Updated",
    onPhone: "meta",
    className: "text-muted",
    cell: (row) => <RelativeTime at={row.updatedAt} />,
  },
];

/** The registered models of the project. */
export function ModelsTable() {
  const trpc = useTRPC();
  const project = useProject();
  const { data } = useSuspenseQuery(trpc.registry.list.queryOptions({ projectId: project.id }));
  if (data.length === 0) {
    return (
      <EmptyState
        title="No models yet"
        hint="The register step of a pipeline makes a version, and so does a script that logs one with registered_model_name."
        action={<ButtonLink href={routes.pipelines(project.slug)}>To the pipelines</ButtonLink>}
      />
    );
  }
  return (
    <DataTable
      label="Models"
      rows={data}
      columns={columns}
      rowKey={(row) => row.id}
      rowHref={(row) => routes.model(project.slug, row.name)}
      density="comfortable"
    />
  );
}
