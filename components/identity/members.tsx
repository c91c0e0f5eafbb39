"use client";
import { useSuspenseQuery } from "@tanstack/react-query";
import { UserPlus } from "lucide-react";
import { useState } from "react";
import { DataTable } from "../data/data-table";
import { countOf } from "../data/format";
import { StatusBadge } from "../data/status-badge";
import type { Column } from "../data/table-types";
import { useMe } from "../providers/me";
import { usePermission, useProject } from "../providers/project";
import { type RouterOutputs, useTRPC } from "../providers/trpc";
import { Avatar } from "../ui/avatar";
import { Tag } from "../ui/badge";
import { Button } from "../ui/button";
import { Card } from "../ui/card";
import { EmptyState } from "../ui/empty-state";
import { InviteDialog } from "./invite-dialog";
import { roleTitle } from "./role-words";
import { RolesDialog } from "./roles-dialog";

export type MemberRow = RouterOutputs["identity"]["members"]["members"][number];
type Waiting = RouterOutputs["identity"]["members"]["waiting"][number];

/** People of the project, their roles, and what waits for a second administrator. */
export function Members() {
  const trpc = useTRPC();
  const project = useProject();
  const { data } = useSuspenseQuery(trpc.identity.members.queryOptions({ projectId: project.id }));
  const [isInviting, setInviting] = useState(false);
  const [chosen, setChosen] = useState<string | null>(null);
  const invite = usePermission("identity.invite");
  const people = data.members.filter((member) => member.kind === "person");
  const current = people.find((member) => member.userId === chosen) ?? null;
  return (
    <Card
      title="Members"
      isFlush
      aside={
        <>
          <span className="figures">{countOf(people.length, "person", "people")}</span>
          <Button size="sm" disabledReason={invite.reason} onClick={() => setInviting(true)}>
            <UserPlus aria-hidden />
            Invite
          </Button>
        </>
      }
    >
      {people.length === 0 ? (
        <EmptyState
          title="No members yet"
          hint="Invite the people who train, review, sign and run. An administrator sees the project without a role."
        />
      ) : (
        <DataTable
          label="People with a role"
          rows={people}
          columns={columnsFor(data.waiting, setChosen, invite.reason)}
          rowKey={(member) => member.userId}
          density="comfortable"
          isBare
        />
      )}
      <InviteDialog isOpen={isInviting} onOpenChange={setInviting} />
      {current && <RolesDialog member={current} waiting={data.waiting} onClose={() => setChosen(null)} />}
    </Card>
  );
}

function columnsFor(
  waiting: readonly Waiting[],
  onChoose: (userId: string) => void,
  reason: string | null,
): readonly Column<MemberRow>[] {
  return [
    { id: "person", header: "Person", cell: (member) => <Person member={member} /> },
    { id: "roles", header: "Roles", cell: (member) => <Roles member={member} waiting={waiting} /> },
    {
      id: "state",
      header: "Account",
      onPhone: "status",
      cell: (member) => <StatusBadge kind="account" state={member.isDeactivated ? "deactivated" : "active"} />,
    },
    {
      id: "act",
      header: "Change",
      align: "right",
      isInteractive: true,
      cell: (member) => (
        <Button
          size="sm"
          disabledReason={reason}
          onClick={() => onChoose(member.userId)}
          aria-label={`Roles of ${member.name}`}
        >
          Roles…
        </Button>
      ),
    },
  ];
}

function Person({ member }: { member: MemberRow }) {
  const me = useMe();
  return (
    <span className="flex min-w-0 items-center gap-2.5">
      <Avatar name={member.name} />
      <span className="min-w-0">
        <span className="block truncate font-semibold">
          {member.name}
          {member.userId === me.userId && <span className="font-normal text-muted"> you</span>}
        </span>
        <span className="block truncate text-xs font-normal text-muted">{member.email}</span>
      </span>
    </span>
  );
}

function Roles({ member, waiting }: { member: MemberRow; waiting: readonly Waiting[] }) {
  const open = waiting.filter((grant) => grant.userId === member.userId);
  return (
    <span className="flex flex-wrap gap-1">
      {member.roles.map((role) => (
        <Tag key={role}>{roleTitle(role)}</Tag>
      ))}
      {open.map((grant) => (
        <span key={grant.role} className="text-xs text-wait">
          {roleTitle(grant.role)} waits for a second administrator
        </span>
      ))}
    </span>
  );
}
