"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { describeError } from "../providers/call-error";
import { useTRPC } from "../providers/trpc";
import { Button } from "../ui/button";
import { Card } from "../ui/card";
import { CheckboxLine } from "../ui/checkbox";
import { CallProblem } from "../ui/error-panel";
import { Field, Input } from "../ui/field";
import { NewPasswordField } from "./new-password-field";

/** A new password, given the present one. */
export function ChangePasswordForm() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [currentPassword, setCurrent] = useState("");
  const [newPassword, setNew] = useState("");
  const [areTokensRevoked, setTokensRevoked] = useState(true);
  const change = useMutation(
    trpc.identity.changePassword.mutationOptions({
      onSuccess: async () => {
        setCurrent("");
        setNew("");
        await queryClient.invalidateQueries(trpc.identity.pathFilter());
      },
    }),
  );
  const problem = change.error ? describeError(change.error) : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate({ currentPassword, newPassword, areTokensRevoked });
  };
  return (
    <Card title="Password">
      <form onSubmit={submit} className="flex max-w-md flex-col gap-4">
        <Field label="Present password">
          {(field) => (
            <Input
              {...field}
              type="password"
              required
              autoComplete="current-password"
              value={currentPassword}
              onChange={(event) => setCurrent(event.target.value)}
            />
          )}
        </Field>
        <NewPasswordField
          label="New password"
          value={newPassword}
          error={problem?.fields.newPassword}
          onChange={setNew}
        />
        <CheckboxLine
          checked={areTokensRevoked}
          hint="Programs that use them need new ones."
          onChange={(event) => setTokensRevoked(event.target.checked)}
        >
          Also revoke my tokens
        </CheckboxLine>
        {problem && <CallProblem error={problem} />}
        {change.isSuccess && (
          <p role="status" className="text-sm text-pass">
            Password changed. Your other sessions have ended
            {change.variables.areTokensRevoked && ", and so have your tokens"}.
          </p>
        )}
        <Button type="submit" className="self-start" isPending={change.isPending}>
          Change password
        </Button>
      </form>
    </Card>
  );
}
