"use client";
import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { Bot } from "lucide-react";
import { type FormEvent, useState } from "react";
import { describeError } from "../providers/call-error";
import { usePermission, useProject } from "../providers/project";
import { useTRPC } from "../providers/trpc";
import { Button } from "../ui/button";
import { Card } from "../ui/card";
import { Dialog } from "../ui/dialog";
import { EmptyState } from "../ui/empty-state";
import { CallProblem } from "../ui/error-panel";
import { Field, Input } from "../ui/field";
import { ServiceAccountCard } from "./service-account-card";

/** Accounts for programs: CI, a scheduler. They propose and execute; they never sign. */
export function ServiceAccounts() {
  const trpc = useTRPC();
  const project = useProject();
  const permission = usePermission("identity.manage_services");
  const { data: accounts } = useSuspenseQuery(trpc.identity.serviceAccounts.queryOptions({ projectId: project.id }));
  const [isMaking, setMaking] = useState(false);
  const button = (
    <Button size="sm" disabledReason={permission.reason} onClick={() => setMaking(true)}>
      <Bot aria-hidden />
      New service account
    </Button>
  );
  return (
    <div className="flex flex-col gap-4">
      <Card title="Service accounts" isFlush aside={button}>
        {accounts.length === 0 ? (
          <EmptyState
            title="No service accounts"
            hint="One for each program that works in this project, such as CI. It proposes and executes; it never signs."
          />
        ) : (
          accounts.map((account) => <ServiceAccountCard key={account.serviceId} account={account} />)
        )}
      </Card>
      <NewServiceAccount isOpen={isMaking} onClose={() => setMaking(false)} />
    </div>
  );
}

function NewServiceAccount({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const trpc = useTRPC();
  const project = useProject();
  const queryClient = useQueryClient();
  const [name, setName] = useState("");
  const create = useMutation(
    trpc.identity.createServiceAccount.mutationOptions({
      onSuccess: async () => {
        setName("");
        onClose();
        await queryClient.invalidateQueries(trpc.identity.pathFilter());
      },
    }),
  );
  const problem = create.error ? describeError(create.error) : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({ projectId: project.id, name });
  };
  return (
    <Dialog isOpen={isOpen} onOpenChange={(next) => !next && onClose()} title="New service account">
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field label="Name" hint="What the program is, such as CI." error={problem?.fields.name}>
          {(field) => (
            <Input {...field} required maxLength={80} value={name} onChange={(event) => setName(event.target.value)} />
          )}
        </Field>
        {problem && <CallProblem error={problem} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" tone="primary" isPending={create.isPending}>
            Create
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
