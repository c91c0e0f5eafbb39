"use client";
import { useQuery } from "@tanstack/react-query";
import { Plus, Trash2 } from "lucide-react";
import type { ColumnSchema } from "@/domain/data/types";
import { useProject } from "../providers/project";
import { useTRPC } from "../providers/trpc";
import { Button } from "../ui/button";
import { CheckboxLine } from "../ui/checkbox";
import { Field, Input, Select, Textarea } from "../ui/field";
import { columnDraft, columnsLeft, UNIT_NAMES, type Unit, type ViewDraft } from "./view-draft";

type Change = (part: Partial<ViewDraft>) => void;
type Errors = Readonly<Record<string, string>>;

/** The columns of a dataset's newest version; empty while they are on their way. */
export function useSchema(datasetVersionId: string | null): readonly ColumnSchema[] {
  const trpc = useTRPC();
  const project = useProject();
  const { data } = useQuery({
    ...trpc.data.getVersion.queryOptions({ projectId: project.id, datasetVersionId: datasetVersionId ?? "" }),
    enabled: datasetVersionId !== null,
  });
  return data?.schema ?? [];
}

/** What a definition says, as fields: the same for a new view and for its next version. */
export function DefinitionFields(props: {
  draft: ViewDraft;
  schema: readonly ColumnSchema[];
  errors: Errors;
  onChange: Change;
}) {
  const { draft, schema, errors, onChange } = props;
  const times = schema.filter(({ type }) => type === "date" || type === "timestamp");
  const timeOptions = times.map(({ name }) => ({ value: name, label: name }));
  return (
    <>
      <fieldset className="min-w-0">
        <legend className="text-sm font-semibold">Entity</legend>
        <p className="text-xs text-muted">The columns that say what a row is about.</p>
        <div className="mt-1 grid max-h-40 gap-x-4 overflow-y-auto sm:grid-cols-2">
          {schema
            .filter(({ type }) => type !== "double")
            .map(({ name, type }) => (
              <CheckboxLine
                key={name}
                checked={draft.entityColumns.includes(name)}
                onChange={(event) =>
                  onChange({
                    entityColumns: event.target.checked
                      ? [...draft.entityColumns, name]
                      : draft.entityColumns.filter((each) => each !== name),
                  })
                }
              >
                {name} <span className="text-xs text-muted">{type}</span>
              </CheckboxLine>
            ))}
        </div>
      </fieldset>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Event time" hint="When the row became true.">
          {(field) => (
            <Select
              {...field}
              value={draft.eventTimeColumn}
              placeholder="Choose a column"
              options={timeOptions}
              onChange={(event) => onChange({ eventTimeColumn: event.target.value })}
            />
          )}
        </Field>
        <Field label="Created time" isOptional hint="When it became known; decides between rows of one instant.">
          {(field) => (
            <Select
              {...field}
              value={draft.createdTimeColumn}
              placeholder="None"
              options={timeOptions}
              onChange={(event) => onChange({ createdTimeColumn: event.target.value })}
            />
          )}
        </Field>
      </div>
      <ColumnFields draft={draft} schema={schema} errors={errors} onChange={onChange} />
      <LifeFields draft={draft} onChange={onChange} />
      <Field label="What the features are" isOptional error={errors.description}>
        {(field) => (
          <Textarea
            {...field}
            rows={2}
            value={draft.description}
            onChange={(event) => onChange({ description: event.target.value })}
          />
        )}
      </Field>
    </>
  );
}

function LifeFields({ draft, onChange }: { draft: ViewDraft; onChange: Change }) {
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field label="Time to live" isOptional hint="How old a value may be when it is read. Empty: no limit.">
        {(field) => (
          <Input
            {...field}
            inputMode="numeric"
            autoComplete="off"
            value={draft.life}
            onChange={(event) => onChange({ life: event.target.value })}
          />
        )}
      </Field>
      <Field label="Unit">
        {(field) => (
          <Select
            {...field}
            value={draft.unit}
            options={UNIT_NAMES.map((unit) => ({ value: unit, label: unit }))}
            onChange={(event) => onChange({ unit: event.target.value as Unit })}
          />
        )}
      </Field>
    </div>
  );
}

function ColumnFields(props: { draft: ViewDraft; schema: readonly ColumnSchema[]; errors: Errors; onChange: Change }) {
  const { draft, errors, onChange } = props;
  const left = columnsLeft(draft, props.schema);
  const set = (key: string, part: { name?: string; expression?: string }) =>
    onChange({ columns: draft.columns.map((column) => (column.key === key ? { ...column, ...part } : column)) });
  return (
    <fieldset className="flex min-w-0 flex-col gap-2">
      <legend className="mb-1 text-sm font-semibold">Columns</legend>
      <p className="-mt-1 text-xs text-muted">
        Each is a DuckDB expression over a row of the dataset, such as <code>temp_max - temp_min</code>.
      </p>
      {draft.columns.map((column, index) => (
        <div key={column.key} className="flex items-start gap-2">
          <div className="grid min-w-0 flex-1 gap-2 sm:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
            <Field label={`Name ${index + 1}`} error={errors[`columns.${index}.name`]}>
              {(field) => (
                <Input
                  {...field}
                  autoComplete="off"
                  value={column.name}
                  onChange={(event) => set(column.key, { name: event.target.value })}
                />
              )}
            </Field>
            <Field label={`Expression ${index + 1}`} error={errors[`columns.${index}.expression`]}>
              {(field) => (
                <Input
                  {...field}
                  autoComplete="off"
                  spellCheck={false}
                  className="font-mono text-xs"
                  value={column.expression}
                  onChange={(event) => set(column.key, { expression: event.target.value })}
                />
              )}
            </Field>
          </div>
          <Button
            tone="ghost"
            size="icon"
            className="mt-6"
            label={`Remove column ${index + 1}`}
            onClick={() => onChange({ columns: draft.columns.filter((each) => each.key !== column.key) })}
          >
            <Trash2 aria-hidden />
          </Button>
        </div>
      ))}
      <div className="flex flex-wrap gap-2">
        <Button size="sm" onClick={() => onChange({ columns: [...draft.columns, columnDraft()] })}>
          <Plus aria-hidden />
          Add a column
        </Button>
        {left.length > 0 && (
          <Button size="sm" onClick={() => onChange({ columns: [...draft.columns, ...left] })}>
            Add the dataset's own {left.length}
          </Button>
        )}
      </div>
    </fieldset>
  );
}
