"use client";
import { useState } from "react";
import type { ParameterSpec, ParameterValues } from "@/domain/pipelines/types";
import { describeError } from "../providers/call-error";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { CallProblem } from "../ui/error-panel";
import { Field, Input, Select } from "../ui/field";
import { type Entries, entriesOf, readEntries } from "./parameter-entries";

type Props = {
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
  readonly title: string;
  readonly description: string;
  readonly act: string;
  readonly specs: readonly ParameterSpec[];
  /** What the fields begin with, where it differs from the defaults. */
  readonly values?: ParameterValues;
  readonly isPending: boolean;
  readonly error: unknown;
  readonly onSubmit: (values: ParameterValues) => void;
};

/** A form made from the typed parameters of a definition. */
export function ParametersDialog(props: Props) {
  return (
    <Dialog isOpen={props.isOpen} onOpenChange={props.onOpenChange} title={props.title} description={props.description}>
      <ParametersForm {...props} />
    </Dialog>
  );
}

function ParametersForm({ specs, values = {}, act, isPending, error, onSubmit, onOpenChange }: Props) {
  const [entries, setEntries] = useState<Entries>(() => entriesOf(specs, values));
  const [isTried, setIsTried] = useState(false);
  const read = readEntries(specs, entries);
  const hasProblems = Object.keys(read.problems).length > 0;
  return (
    <form
      noValidate
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        setIsTried(true);
        if (!hasProblems && !isPending) onSubmit(read.values);
      }}
    >
      {specs.length === 0 && <p className="text-sm text-muted">The definition has no parameters.</p>}
      {specs.map((spec) => (
        <ParameterField
          key={spec.name}
          spec={spec}
          entry={entries[spec.name] ?? ""}
          problem={isTried ? read.problems[spec.name] : undefined}
          onChange={(entry) => setEntries((current) => ({ ...current, [spec.name]: entry }))}
        />
      ))}
      {error !== null && error !== undefined && <CallProblem error={describeError(error)} />}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={() => onOpenChange(false)}>Back</Button>
        <Button type="submit" tone="primary" isPending={isPending}>
          {act}
        </Button>
      </div>
    </form>
  );
}

const KEYBOARDS = { integer: "numeric", number: "decimal", string: "text", date: "text", boolean: "text" } as const;

type FieldOf = {
  readonly spec: ParameterSpec;
  readonly entry: string;
  readonly problem: string | undefined;
  readonly onChange: (entry: string) => void;
};

function ParameterField({ spec, entry, problem, onChange }: FieldOf) {
  const hint = [spec.description, spec.default === null ? null : `Default ${spec.default}.`].filter(Boolean).join(" ");
  return (
    <Field label={spec.name} hint={hint || spec.type} error={problem}>
      {(field) =>
        spec.type === "boolean" ? (
          <Select
            {...field}
            value={entry}
            options={[
              { value: "true", label: "true" },
              { value: "false", label: "false" },
            ]}
            onChange={(event) => onChange(event.target.value)}
          />
        ) : (
          <Input
            {...field}
            value={entry}
            inputMode={KEYBOARDS[spec.type]}
            placeholder={spec.type === "date" ? "2013-01-31" : undefined}
            autoComplete="off"
            onChange={(event) => onChange(event.target.value)}
          />
        )
      }
    </Field>
  );
}
