"use client";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { type Role, roleNames } from "@/domain/identity/roles";
import { describeError } from "../providers/call-error";
import { useTRPC } from "../providers/trpc";
import { Button } from "../ui/button";
import { CallProblem } from "../ui/error-panel";
import { Field, FieldError, Input } from "../ui/field";
import { AuthCard } from "./auth-card";
import { useFirstSignIn } from "./first-sign-in";
import { NewPasswordField } from "./new-password-field";
import type { SignIn } from "./sign-in-form";

type Invitation = {
  readonly email: string | null;
  readonly roles: readonly Role[];
  readonly project: string | null;
  readonly organisation: string | null;
};

/** Name and password of somebody who was invited. */
export function InvitationForm({ secret, link, signIn }: { secret: string; link: Invitation; signIn: SignIn }) {
  const trpc = useTRPC();
  const first = useFirstSignIn(signIn);
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const accept = useMutation(
    trpc.identity.acceptInvitation.mutationOptions({ onSuccess: ({ email }) => first.enter(email, password) }),
  );
  const problem = accept.error ? describeError(accept.error) : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    accept.mutate({ secret, name, password });
  };
  const place = link.project ? `the project ${link.project}` : (link.organisation ?? "the organisation");
  return (
    <AuthCard
      title={`Join ${link.project ?? link.organisation ?? "Countersign"}`}
      lead={`You are invited to ${place} as ${roleNames(link.roles)}.`}
    >
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field label="E-mail" hint="The address that was invited.">
          {(field) => <Input {...field} readOnly autoComplete="username" value={link.email ?? ""} />}
        </Field>
        <Field label="Your name" error={problem?.fields.name}>
          {(field) => (
            <Input
              {...field}
              required
              autoComplete="name"
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <NewPasswordField value={password} error={problem?.fields.password} onChange={setPassword} />
        {problem && <CallProblem error={problem} />}
        {first.problem && <FieldError>{first.problem}</FieldError>}
        <Button type="submit" tone="primary" size="lg" isPending={accept.isPending || first.isPending}>
          Accept invitation
        </Button>
      </form>
    </AuthCard>
  );
}
