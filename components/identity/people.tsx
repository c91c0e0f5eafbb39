"use client";
import { useSuspenseQuery } from "@tanstack/react-query";
import { UserPlus } from "lucide-react";
import { useState } from "react";
import { DataTable } from "../data/data-table";
import { countOf } from "../data/format";
import { StatusBadge } from "../data/status-badge";
import type { Column } from "../data/table-types";
import { useMe } from "../providers/me";
import { type RouterOutputs, useTRPC } from "../providers/trpc";
import { Avatar } from "../ui/avatar";
import { Button } from "../ui/button";
import { Card } from "../ui/card";
import { InviteStandingDialog } from "./invite-standing-dialog";
import { PersonDialog } from "./person-dialog";
import { roleTitle } from "./role-words";

export type Person = RouterOutputs["identity"]["people"][number];

/** Everybody of the organisation. `reason`: why this reader changes nothing (an auditor). */
export function People({ reason }: { reason: string | null }) {
  const trpc = useTRPC();
  const { data: people } = useSuspenseQuery(trpc.identity.people.queryOptions());
  const [isInviting, setInviting] = useState(false);
  const [chosen, setChosen] = useState<string | null>(null);
  const current = people.find((person) => person.userId === chosen) ?? null;
  return (
    <Card
      title="People"
      isFlush
      aside={
        <>
          <span className="figures">{countOf(people.length, "person", "people")}</span>
          <Button size="sm" disabledReason={reason} onClick={() => setInviting(true)}>
            <UserPlus aria-hidden />
            Invite administrator or auditor
          </Button>
        </>
      }
    >
      <DataTable
        label="Everybody in the organisation"
        rows={people}
        columns={columnsFor(reason, setChosen)}
        rowKey={(person) => person.userId}
        density="comfortable"
        isBare
      />
      <InviteStandingDialog isOpen={isInviting} onOpenChange={setInviting} />
      {current && <PersonDialog person={current} onClose={() => setChosen(null)} />}
    </Card>
  );
}

function columnsFor(reason: string | null, onChoose: (userId: string) => void): readonly Column<Person>[] {
  return [
    { id: "person", header: "Person", cell: (person) => <PersonCell person={person} /> },
    {
      id: "standing",
      header: "Standing",
      cell: (person) =>
        person.standing === "member" ? <span className="text-muted">Member</span> : roleTitle(person.standing),
    },
    { id: "projects", header: "Projects", align: "right", cell: (person) => person.projects },
    {
      id: "state",
      header: "Account",
      onPhone: "status",
      cell: (person) => <StatusBadge kind="account" state={person.deactivatedAt ? "deactivated" : "active"} />,
    },
    {
      id: "act",
      header: "Change",
      align: "right",
      isInteractive: true,
      cell: (person) => (
        <Button
          size="sm"
          disabledReason={reason}
          onClick={() => onChoose(person.userId)}
          aria-label={`Manage ${person.name}`}
        >
          Manage…
        </Button>
      ),
    },
  ];
}

function PersonCell({ person }: { person: Person }) {
  const me = useMe();
  return (
    <span className="flex min-w-0 items-center gap-2.5">
      <Avatar name={person.name} />
      <span className="min-w-0">
        <span className="block truncate font-semibold">
          {person.name}
          {person.userId === me.userId && <span className="font-normal text-muted"> you</span>}
        </span>
        <span className="block truncate text-xs font-normal text-muted">{person.email}</span>
      </span>
    </span>
  );
}
