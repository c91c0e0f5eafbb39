"use client";
import { useSuspenseQuery } from "@tanstack/react-query";
import type { Role } from "@/domain/identity/roles";
import { type Column, DataTable } from "../data/data-table";
import { allowedFor } from "../providers/project";
import { type RouterOutputs, useTRPC } from "../providers/trpc";
import { rolesInWords } from "../shell/roles-in-words";
import { routes } from "../shell/routes";
import { ButtonLink } from "../ui/button";
import { Card } from "../ui/card";
import { EmptyState } from "../ui/empty-state";
import { RelativeTime } from "../ui/time";

type ProjectRow = RouterOutputs["projects"]["list"][number];

const COLUMNS: readonly Column<ProjectRow>[] = [
  { id: "name", header: "Project", cell: (row) => row.name },
  { id: "roles", header: "My roles", cell: (row) => rolesInWords(row.roles), onPhone: "meta" },
  { id: "risk", header: "Risk", cell: (row) => row.risk },
  { id: "created", header: "Created", cell: (row) => <RelativeTime at={row.createdAt} /> },
];

/** The person's projects; without one, who can help. */
export function MyProjects({ standing }: { standing: Role | null }) {
  const trpc = useTRPC();
  const { data } = useSuspenseQuery(trpc.projects.list.queryOptions());
  const roles = [...new Set([...data.flatMap((project) => project.roles), ...(standing ? [standing] : [])])];
  const mayCreate = allowedFor(roles, "projects.create", true).allowed;
  if (data.length === 0) {
    return (
      <Card title="Projects" isFlush>
        <EmptyState
          title="No project yet"
          hint={
            mayCreate
              ? "A project holds a problem, its data, pipelines, models and everything that is decided about them."
              : "A project is created by a business stakeholder or an administrator, who then gives you a role in it."
          }
          action={
            mayCreate ? (
              <ButtonLink tone="primary" href={routes.newProject()}>
                New project
              </ButtonLink>
            ) : undefined
          }
        />
      </Card>
    );
  }
  return (
    <Card title="Projects" isFlush>
      <DataTable
        label="Projects"
        columns={COLUMNS}
        rows={data}
        rowKey={(row) => row.id}
        rowHref={(row) => routes.project(row.slug)}
        isBare
      />
    </Card>
  );
}
