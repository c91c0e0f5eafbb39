"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { MemberRole } from "@/domain/identity/contracts";
import { FREE_ROLES, isRestricted, RESTRICTED_ROLES } from "@/domain/identity/grants";
import { describeError } from "../providers/call-error";
import { usePermission, useProject } from "../providers/project";
import { useTRPC } from "../providers/trpc";
import { Button } from "../ui/button";
import { CheckboxLine } from "../ui/checkbox";
import { Dialog } from "../ui/dialog";
import { CallProblem } from "../ui/error-panel";
import { Field, FieldError, Input } from "../ui/field";
import { useToast } from "../ui/toast";
import { ROLE_DUTIES, roleTitle } from "./role-words";
import { SecretOnce } from "./secret-once";

const ORDER = [...RESTRICTED_ROLES, ...FREE_ROLES].sort() as readonly MemberRole[];

/** Invites by e-mail address; somebody who has an account gets the roles at once. The link is handed over by hand. */
export function InviteDialog({ isOpen, onOpenChange }: { isOpen: boolean; onOpenChange: (isOpen: boolean) => void }) {
  const trpc = useTRPC();
  const project = useProject();
  const queryClient = useQueryClient();
  const toast = useToast();
  const [email, setEmail] = useState("");
  const [roles, setRoles] = useState<readonly MemberRole[]>([]);
  const [link, setLink] = useState<{ readonly url: string; readonly email: string } | null>(null);
  const close = () => {
    onOpenChange(false);
    setEmail("");
    setRoles([]);
  };
  const invite = useMutation(
    trpc.identity.invite.mutationOptions({
      onSuccess: async (result, input) => {
        await queryClient.invalidateQueries(trpc.identity.pathFilter());
        close();
        if (result.kind === "invited") setLink({ url: result.url, email: input.email });
        else toast(`Roles given to ${input.email}`);
      },
    }),
  );
  const problem = invite.error ? describeError(invite.error) : null;
  const toggle = (role: MemberRole, isIn: boolean) =>
    setRoles(isIn ? [...roles, role] : roles.filter((each) => each !== role));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    invite.mutate({ projectId: project.id, email, roles: [...roles] });
  };
  return (
    <>
      <Dialog
        isOpen={isOpen}
        onOpenChange={(next) => (next ? onOpenChange(true) : close())}
        title="Invite to the project"
        width="md"
      >
        <form onSubmit={submit} className="flex flex-col gap-4">
          <Field
            label="E-mail"
            error={problem?.fields.email}
            hint="Somebody who has an account already gets the roles at once."
          >
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
          <fieldset className="flex flex-col">
            <legend className="mb-1 text-sm font-semibold">Roles</legend>
            {ORDER.map((role) => (
              <RoleChoice
                key={role}
                role={role}
                isChosen={roles.includes(role)}
                onChange={(isIn) => toggle(role, isIn)}
              />
            ))}
            {problem?.fields.roles && <FieldError>{problem.fields.roles}</FieldError>}
          </fieldset>
          {problem && <CallProblem error={problem} />}
          <div className="flex flex-wrap justify-end gap-2">
            <Button onClick={close}>Cancel</Button>
            <Button
              type="submit"
              tone="primary"
              isPending={invite.isPending}
              disabledReason={roles.length === 0 ? "Choose at least one role." : null}
            >
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

function RoleChoice({
  role,
  isChosen,
  onChange,
}: {
  role: MemberRole;
  isChosen: boolean;
  onChange: (isChosen: boolean) => void;
}) {
  const permission = usePermission(isRestricted(role) ? "identity.grant_restricted" : "identity.invite");
  const hint = permission.reason ?? ROLE_DUTIES[role];
  return (
    <CheckboxLine
      checked={isChosen}
      disabled={!permission.allowed}
      hint={hint}
      onChange={(event) => onChange(event.target.checked)}
    >
      {roleTitle(role)}
    </CheckboxLine>
  );
}
