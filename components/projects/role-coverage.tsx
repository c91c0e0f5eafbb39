"use client";
import { useSuspenseQuery } from "@tanstack/react-query";
import { CircleAlert } from "lucide-react";
import Link from "next/link";
import { PROCESS_ROLES, ROLE_NAMES } from "@/domain/identity/roles";
import { useProject } from "../providers/project";
import { useTRPC } from "../providers/trpc";
import { routes } from "../shell/routes";
import { Card } from "../ui/card";

/** Who holds each of the seven roles; a role without anybody says so. */
export function RoleCoverage() {
  const trpc = useTRPC();
  const project = useProject();
  const { data } = useSuspenseQuery(trpc.identity.members.queryOptions({ projectId: project.id }));
  const active = data.members.filter((member) => member.kind === "person" && !member.isDeactivated);
  const lines = PROCESS_ROLES.map((role) => ({
    role,
    names: active.filter((member) => member.roles.includes(role)).map((member) => member.name),
  }));
  const covered = lines.filter((line) => line.names.length > 0).length;
  return (
    <Card
      title="Roles"
      isFlush
      aside={
        <Link href={routes.settings(project.slug)} className="rounded-sm hover:text-text">
          {covered} of {lines.length} covered
        </Link>
      }
    >
      <dl>
        {lines.map(({ role, names }) => (
          <div
            key={role}
            className="flex flex-wrap justify-between gap-x-3 border-b border-line px-3.5 py-1.5 text-sm last:border-b-0"
          >
            <dt className="text-muted first-letter:uppercase">{ROLE_NAMES[role]}</dt>
            <dd className="min-w-0 text-right break-words">
              {names.length > 0 ? (
                names.join(", ")
              ) : (
                <span className="inline-flex items-center gap-1.5 text-warn">
                  <CircleAlert aria-hidden className="size-3.5" />
                  nobody
                </span>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
