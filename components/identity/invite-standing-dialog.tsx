"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { describeError } from "../providers/call-error";
import { useTRPC } from "../providers/trpc";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { CallProblem } from "../ui/error-panel";
import { Field, Input, Select } from "../ui/field";
import { useToast } from "../ui/toast";
import { SecretOnce } from "./secret-once";

const STANDINGS = [
  { value: "ADM", label: "Administrator" },
  { value: "AUD", label: "Auditor" },
] as const;

/** Brings an administrator or an auditor in. Members of a project are invited in its settings. */
export function InviteStandingDialog({
  isOpen,
  onOpenChange,
}: {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const [email, setEmail] = useState("");
  const [standing, setStanding] = useState<"ADM" | "AUD">("ADM");
  const [link, setLink] = useState<{ readonly url: string; readonly email: string } | null>(null);
  const invite = useMutation(
    trpc.identity.inviteToOrganisation.mutationOptions({
      onSuccess: async (result, input) => {
        await queryClient.invalidateQueries(trpc.identity.pathFilter());
        onOpenChange(false);
        setEmail("");
        if (result.kind === "invited") setLink({ url: result.url, email: input.email });
        else toast(`${input.email} has an account: the standing is granted or waits for a second administrator`);
      },
    }),
  );
  const problem = invite.error ? describeError(invite.error) : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    invite.mutate({ email, standing });
  };
  return (
    <>
      <Dialog isOpen={isOpen} onOpenChange={onOpenChange} title="Invite to the organisation">
        <form onSubmit={submit} className="flex flex-col gap-4">
          <Field label="E-mail" error={problem?.fields.email}>
            {(field) => (
              <Input
                {...field}
                type="email"
                required
                value={email}
                onChange={(event) => setEmail(event.target.value)}
              />
            )}
          </Field>
          <Field label="As" hint="Once there are two administrators, the second confirms each new one.">
            {(field) => (
              <Select
                {...field}
                options={STANDINGS}
                value={standing}
                onChange={(event) => setStanding(event.target.value === "AUD" ? "AUD" : "ADM")}
              />
            )}
          </Field>
          {problem && <CallProblem error={problem} />}
          <div className="flex flex-wrap justify-end gap-2">
            <Button onClick={() => onOpenChange(false)}>Cancel</Button>
            <Button type="submit" tone="primary" isPending={invite.isPending}>
              Make invitation
            </Button>
          </div>
        </form>
      </Dialog>
      <SecretOnce
        title={`Invitation for ${link?.email ?? ""}`}
        label="invitation link"
        secret={link?.url ?? null}
        onClose={() => setLink(null)}
      >
        Send this link to {link?.email}. It works once, for seven days.
      </SecretOnce>
    </>
  );
}
