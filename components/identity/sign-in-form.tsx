"use client";
import { useActionState } from "react";
import { Button } from "../ui/button";
import { Field, FieldError, Input } from "../ui/field";
import { AuthCard } from "./auth-card";
import { Countdown } from "./countdown";

export type SignInAnswer = { readonly message: string; readonly retryAfterSeconds: number | null } | null;
export type SignIn = (before: SignInAnswer, form: FormData) => Promise<SignInAnswer>;

/** E-mail and password; works without a script too, since the action is the form's. */
export function SignInForm({ action, next }: { action: SignIn; next: string }) {
  const [answer, submit, isPending] = useActionState(action, null);
  return (
    <AuthCard title="Sign in" lead="A model reaches production only when the evidence and the right people agree.">
      <form action={submit} className="flex flex-col gap-4">
        <input type="hidden" name="next" value={next} />
        <Field label="E-mail">
          {(field) => <Input {...field} name="email" type="email" autoComplete="username" required />}
        </Field>
        <Field label="Password" hint="Forgotten? An administrator makes you a link to set a new one.">
          {(field) => <Input {...field} name="password" type="password" autoComplete="current-password" required />}
        </Field>
        {answer && (
          <div role="alert">
            <FieldError>
              {answer.retryAfterSeconds === null ? answer.message : <Countdown seconds={answer.retryAfterSeconds} />}
            </FieldError>
          </div>
        )}
        <Button type="submit" tone="primary" size="lg" isPending={isPending}>
          Sign in
        </Button>
      </form>
    </AuthCard>
  );
}
