"use client";
import { DELIMITERS } from "@/domain/data/contracts";
import { CheckboxLine } from "../ui/checkbox";
import { Field, Input, Select, Textarea } from "../ui/field";
import type { DraftResult, ImportDraft } from "./import-draft";
import { DELIMITER_WORDS } from "./words";

const SEPARATORS = DELIMITERS.map((value) => ({ value, label: DELIMITER_WORDS[value] ?? value }));

type Props = {
  draft: ImportDraft;
  problem: DraftResult["problem"];
  hasVersions: boolean;
  onChange: (part: Partial<ImportDraft>) => void;
};

/** How the file is read: the usual first, what few need behind one line. */
export function ImportOptionFields({ draft, problem, hasVersions, onChange }: Props) {
  const isUnusual = draft.constants !== "" || draft.derived !== "" || draft.filter !== "" || problem !== null;
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Fields are separated by">
          {(field) => (
            <Select
              {...field}
              value={draft.delimiter}
              options={SEPARATORS}
              onChange={(event) => onChange({ delimiter: event.target.value as ImportDraft["delimiter"] })}
            />
          )}
        </Field>
        <Field label="Missing is written" isOptional hint="Besides an empty field" error={errorOf(problem, "nullText")}>
          {(field) => (
            <Input
              {...field}
              placeholder="NA"
              autoComplete="off"
              value={draft.nullText}
              onChange={(event) => onChange({ nullText: event.target.value })}
            />
          )}
        </Field>
      </div>
      <div>
        <CheckboxLine checked={draft.hasHeader} onChange={(event) => onChange({ hasHeader: event.target.checked })}>
          The first line names the columns
        </CheckboxLine>
        {hasVersions && (
          <CheckboxLine
            checked={draft.allowMissingColumns}
            onChange={(event) => onChange({ allowMissingColumns: event.target.checked })}
          >
            The file may lack columns of the version before
          </CheckboxLine>
        )}
      </div>
      <details open={isUnusual} className="rounded-md border border-line px-3 py-2">
        <summary className="text-sm font-semibold">Rows and columns to add or leave out</summary>
        <div className="mt-3 mb-1 flex flex-col gap-4">
          <Lines
            draft={draft}
            problem={problem}
            name="constants"
            label="Constants"
            hint="One a line: station = seattle"
            onChange={onChange}
          />
          <Lines
            draft={draft}
            problem={problem}
            name="derived"
            label="Derived columns"
            hint="One a line, as a DuckDB expression: season = sin(2 * pi() * dayofyear(date) / 365.25)"
            onChange={onChange}
          />
          <Field
            label="Keep rows where"
            isOptional
            hint="A DuckDB condition: year(date) = 2012"
            error={errorOf(problem, "filter")}
          >
            {(field) => (
              <Input
                {...field}
                className="font-mono"
                spellCheck={false}
                autoComplete="off"
                value={draft.filter}
                onChange={(event) => onChange({ filter: event.target.value })}
              />
            )}
          </Field>
        </div>
      </details>
    </>
  );
}

function Lines(props: Omit<Props, "hasVersions"> & { name: "constants" | "derived"; label: string; hint: string }) {
  return (
    <Field label={props.label} isOptional hint={props.hint} error={errorOf(props.problem, props.name)}>
      {(field) => (
        <Textarea
          {...field}
          rows={2}
          className="font-mono"
          spellCheck={false}
          value={props.draft[props.name]}
          onChange={(event) => props.onChange({ [props.name]: event.target.value })}
        />
      )}
    </Field>
  );
}

const errorOf = (problem: DraftResult["problem"], field: string) =>
  problem?.field === field ? problem.sentence : null;
