"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Plus, Trash2 } from "lucide-react";
import { type FormEvent, useState } from "react";
import { checkProblem } from "@/domain/data/checks";
import type { CheckSpec } from "@/domain/data/types";
import { describeError } from "../providers/call-error";
import { useProject } from "../providers/project";
import { useTRPC } from "../providers/trpc";
import { Button } from "../ui/button";
import { CallProblem } from "../ui/error-panel";
import { Field, FieldError, Input, Select } from "../ui/field";
import { useToast } from "../ui/toast";
import { type CheckDraft, checkOf, draftOf, emptyDraft, KIND_WORDS } from "./check-draft";
import type { Dataset, DatasetVersion } from "./dataset-view";

type Columns = DatasetVersion["schema"];

const KINDS = Object.entries(KIND_WORDS).map(([value, label]) => ({ value, label }));

/** The whole set of checks, saved at once as a new version. */
export function ChecksEditor({
  dataset,
  columns,
  onSaved,
}: {
  dataset: Dataset;
  columns: Columns;
  onSaved: () => void;
}) {
  const trpc = useTRPC();
  const project = useProject();
  const queryClient = useQueryClient();
  const toast = useToast();
  const [drafts, setDrafts] = useState<readonly CheckDraft[]>(() => (dataset.checkSet?.checks ?? []).map(draftOf));
  const [isTried, setTried] = useState(false);
  const save = useMutation(
    trpc.data.saveChecks.mutationOptions({
      onSuccess: async ({ version }) => {
        await queryClient.invalidateQueries(trpc.data.pathFilter());
        toast(`Checks saved as version ${version}`);
        onSaved();
      },
    }),
  );
  const problems = new Map(drafts.map((draft) => [draft.key, problemOf(draft, columns)]));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    const checks = drafts.map(checkOf).filter((check): check is CheckSpec => typeof check !== "string");
    if ([...problems.values()].some((problem) => problem !== null)) return;
    save.mutate({
      projectId: project.id,
      datasetId: dataset.id,
      checks: checks.map((check) => structuredClone(check) as Writable<CheckSpec>),
    });
  };
  const change = (key: string, part: Partial<CheckDraft>) =>
    setDrafts((before) => before.map((draft) => (draft.key === key ? { ...draft, ...part } : draft)));
  return (
    <form onSubmit={submit} className="flex flex-col gap-3">
      {drafts.length === 0 && <p className="text-sm text-muted">No checks. A validation of nothing proves nothing.</p>}
      {drafts.map((draft, index) => (
        <fieldset key={draft.key} className="rounded-md border border-line px-3 pt-2.5 pb-3">
          <legend className="sr-only">Check {index + 1}</legend>
          <div className="flex items-end gap-2">
            <div className="grid min-w-0 flex-1 gap-2 sm:grid-cols-2 lg:grid-cols-4">
              <DraftFields draft={draft} columns={columns} onChange={(part) => change(draft.key, part)} />
            </div>
            <Button
              tone="ghost"
              size="icon"
              label={`Remove check ${index + 1}`}
              onClick={() => setDrafts((before) => before.filter((each) => each.key !== draft.key))}
            >
              <Trash2 aria-hidden />
            </Button>
          </div>
          {isTried && problems.get(draft.key) && (
            <div className="mt-2">
              <FieldError>{problems.get(draft.key)}</FieldError>
            </div>
          )}
        </fieldset>
      ))}
      <Button
        className="self-start"
        onClick={() => setDrafts((before) => [...before, emptyDraft(columns[0]?.name ?? "")])}
      >
        <Plus aria-hidden />
        Add check
      </Button>
      {save.error && <CallProblem error={describeError(save.error)} />}
      <Button type="submit" tone="primary" className="self-end" isPending={save.isPending}>
        Save checks
      </Button>
    </form>
  );
}

/** The client's type of the same value has no `readonly`. */
type Writable<T> = T extends { readonly kind: infer _ }
  ? { -readonly [K in keyof T]: T[K] extends readonly (infer U)[] ? U[] : T[K] }
  : never;

function problemOf(draft: CheckDraft, columns: Columns): string | null {
  const check = checkOf(draft);
  return typeof check === "string" ? check : checkProblem(check, columns);
}

function DraftFields({
  draft,
  columns,
  onChange,
}: {
  draft: CheckDraft;
  columns: Columns;
  onChange: (part: Partial<CheckDraft>) => void;
}) {
  return (
    <>
      <Field label="What holds">
        {(field) => (
          <Select
            {...field}
            value={draft.kind}
            options={KINDS}
            onChange={(event) => onChange({ kind: event.target.value as CheckDraft["kind"], list: "" })}
          />
        )}
      </Field>
      {draft.kind !== "unique" && (
        <Field label="Column">
          {(field) => (
            <Select
              {...field}
              value={draft.column}
              options={columns.map((column) => ({ value: column.name, label: column.name }))}
              onChange={(event) => onChange({ column: event.target.value })}
            />
          )}
        </Field>
      )}
      <KindFields draft={draft} onChange={onChange} />
    </>
  );
}

function KindFields({ draft, onChange }: { draft: CheckDraft; onChange: (part: Partial<CheckDraft>) => void }) {
  const text = (
    name: "list" | "min" | "max" | "days",
    label: string,
    more?: { hint?: string; className?: string; inputMode?: "decimal" | "numeric" },
  ) => (
    <Field label={label} hint={more?.hint} className={more?.className ?? ""}>
      {(field) => (
        <Input
          {...field}
          inputMode={more?.inputMode}
          autoComplete="off"
          value={draft[name]}
          onChange={(event) => onChange({ [name]: event.target.value })}
        />
      )}
    </Field>
  );
  switch (draft.kind) {
    case "not_null":
      return null;
    case "unique":
      return text("list", "Columns together", { className: "lg:col-span-3", hint: "Separated by commas" });
    case "allowed_values":
      return text("list", "Values", { className: "lg:col-span-2", hint: "Separated by commas" });
    case "range":
      return (
        <>
          {text("min", "Least", { inputMode: "decimal" })}
          {text("max", "Greatest", { inputMode: "decimal" })}
        </>
      );
    case "gap_free_dates":
      return text("days", "Days apart, at most", { inputMode: "numeric" });
  }
}
