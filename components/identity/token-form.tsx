"use client";
import { type FormEvent, useState } from "react";
import type { CallError } from "../providers/call-error";
import { Button } from "../ui/button";
import { CheckboxLine } from "../ui/checkbox";
import { CallProblem } from "../ui/error-panel";
import { Field, Input, Select } from "../ui/field";

export type TokenScope = "read" | "write" | "predict" | "sign";
export type TokenWish<Scope extends TokenScope = TokenScope> = {
  readonly name: string;
  readonly scopes: Scope[];
  readonly expiresInDays: number;
};

const SCOPE_WORDS: Readonly<Record<TokenScope, { readonly title: string; readonly hint: string }>> = {
  read: { title: "Read", hint: "See data, runs, models and promotions." },
  write: { title: "Write", hint: "Log runs, register models, start pipelines, propose." },
  predict: { title: "Predict", hint: "Ask deployed models and send labels." },
  sign: { title: "Sign", hint: "Sign in your name. Only where a program has to." },
};

const LIFETIMES = [
  { value: "7", label: "7 days" },
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
  { value: "365", label: "1 year" },
];

/** Name, scopes and lifetime of a new token. */
export function TokenForm<Scope extends TokenScope>(props: {
  scopes: readonly Scope[];
  isPending: boolean;
  problem: CallError | null;
  onSubmit: (wish: TokenWish<Scope>) => void;
  onCancel: () => void;
}) {
  const [name, setName] = useState("");
  const [chosen, setChosen] = useState<readonly Scope[]>(props.scopes.filter((scope) => scope === "read"));
  const [days, setDays] = useState("90");
  const toggle = (scope: Scope, isIn: boolean) =>
    setChosen(isIn ? [...chosen, scope] : chosen.filter((each) => each !== scope));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    props.onSubmit({ name, scopes: [...chosen], expiresInDays: Number(days) });
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <Field label="Name" hint="Where it will be used." error={props.problem?.fields.name}>
        {(field) => (
          <Input
            {...field}
            required
            maxLength={80}
            value={name}
            placeholder="my notebook"
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <fieldset className="flex flex-col">
        <legend className="mb-1 text-sm font-semibold">It may</legend>
        {props.scopes.map((scope) => (
          <CheckboxLine
            key={scope}
            checked={chosen.includes(scope)}
            hint={SCOPE_WORDS[scope].hint}
            onChange={(event) => toggle(scope, event.target.checked)}
          >
            {SCOPE_WORDS[scope].title}
          </CheckboxLine>
        ))}
      </fieldset>
      <Field label="Valid for">
        {(field) => (
          <Select {...field} options={LIFETIMES} value={days} onChange={(event) => setDays(event.target.value)} />
        )}
      </Field>
      {props.problem && <CallProblem error={props.problem} />}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={props.onCancel}>Cancel</Button>
        <Button
          type="submit"
          tone="primary"
          isPending={props.isPending}
          disabledReason={chosen.length === 0 ? "Choose at least one scope." : null}
        >
          Make token
        </Button>
      </div>
    </form>
  );
}
