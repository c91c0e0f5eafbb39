"use client";
import { PASSWORD_MIN } from "@/domain/identity/contracts";
import { Field, Input } from "../ui/field";

/** A password that is being chosen. */
export function NewPasswordField(props: {
  label?: string;
  value: string;
  error?: string | undefined;
  onChange: (value: string) => void;
}) {
  return (
    <Field
      label={props.label ?? "Password"}
      error={props.error}
      hint={`At least ${PASSWORD_MIN} characters. A sentence is a good one.`}
    >
      {(field) => (
        <Input
          {...field}
          type="password"
          autoComplete="new-password"
          required
          minLength={PASSWORD_MIN}
          value={props.value}
          onChange={(event) => props.onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
