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

/** The organisation and its first administrator. */
export function SetUpForm({ secret, signIn }: { secret: string; link: unknown; signIn: SignIn }) {
  const trpc = useTRPC();
  const first = useFirstSignIn(signIn);
  const [values, setValues] = useState({ organisation: "", name: "", email: "", password: "" });
  const set = (key: keyof typeof values) => (value: string) => setValues((now) => ({ ...now, [key]: value }));
  const setUp = useMutation(
    trpc.identity.setUp.mutationOptions({ onSuccess: () => first.enter(values.email, values.password) }),
  );
  const problem = setUp.error ? describeError(setUp.error) : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setUp.mutate({ ...values, secret });
  };
  return (
    <AuthCard
      title="Set up Countersign"
      lead="You become the first administrator. You create projects and invite the people who decide."
    >
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field label="Organisation" error={problem?.fields.organisation}>
          {(field) => (
            <Input
              {...field}
              required
              autoComplete="organization"
              value={values.organisation}
              onChange={(e) => set("organisation")(e.target.value)}
            />
          )}
        </Field>
        <Field label="Your name" error={problem?.fields.name}>
          {(field) => (
            <Input
              {...field}
              required
              autoComplete="name"
              value={values.name}
              onChange={(e) => set("name")(e.target.value)}
            />
          )}
        </Field>
        <Field label="E-mail" error={problem?.fields.email}>
          {(field) => (
            <Input
              {...field}
              type="email"
              required
              autoComplete="username"
              value={values.email}
              onChange={(e) => set("email")(e.target.value)}
            />
          )}
        </Field>
        <NewPasswordField value={values.password} error={problem?.fields.password} onChange={set("password")} />
        {problem && <CallProblem error={problem} />}
        {first.problem && <FieldError>{first.problem}</FieldError>}
        <Button type="submit" tone="primary" size="lg" isPending={setUp.isPending || first.isPending}>
          Create organisation
        </Button>
      </form>
    </AuthCard>
  );
}
