"use client";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { describeError } from "../providers/call-error";
import { useTRPC } from "../providers/trpc";
import { Button } from "../ui/button";
import { CallProblem } from "../ui/error-panel";
import { Field, FieldError, Input } from "../ui/field";
import { AuthCard } from "./auth-card";
import { useFirstSignIn } from "./first-sign-in";
import { NewPasswordField } from "./new-password-field";
import type { SignIn } from "./sign-in-form";

/** A new password, with the link that an administrator made. */
export function ResetForm({
  secret,
  link,
  signIn,
}: {
  secret: string;
  link: { readonly email: string | null };
  signIn: SignIn;
}) {
  const trpc = useTRPC();
  const first = useFirstSignIn(signIn);
  const [newPassword, setNewPassword] = useState("");
  const reset = useMutation(
    trpc.identity.resetPassword.mutationOptions({ onSuccess: ({ email }) => first.enter(email, newPassword) }),
  );
  const problem = reset.error ? describeError(reset.error) : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    reset.mutate({ secret, newPassword });
  };
  return (
    <AuthCard title="Set a new password" lead="All your sessions end with it; your tokens stay.">
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field label="E-mail">
          {(field) => <Input {...field} readOnly autoComplete="username" value={link.email ?? ""} />}
        </Field>
        <NewPasswordField
          label="New password"
          value={newPassword}
          error={problem?.fields.newPassword}
          onChange={setNewPassword}
        />
        {problem && <CallProblem error={problem} />}
        {first.problem && <FieldError>{first.problem}</FieldError>}
        <Button type="submit" tone="primary" size="lg" isPending={reset.isPending || first.isPending}>
          Set password
        </Button>
      </form>
    </AuthCard>
  );
}
