"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { BUDGET_DAYS } from "@/domain/feedback/retraining";
import { RETRAINING_MODES, type RetrainingMode } from "@/domain/feedback/status";
import { describeError } from "../providers/call-error";
import { useProject } from "../providers/project";
import { type RouterOutputs, useTRPC } from "../providers/trpc";
import { Button } from "../ui/button";
import { CheckboxLine } from "../ui/checkbox";
import { CallProblem, ErrorPanel } from "../ui/error-panel";
import { Field, Input, Select } from "../ui/field";
import { TextSkeleton } from "../ui/skeleton";
import type { RetrainingPolicy } from "./retraining-view";

type Choices = RouterOutputs["feedback"]["retrainingChoices"];
type Props = { modelId: string; last: RetrainingPolicy | null; onDone: () => void };

const MODES: Readonly<Record<RetrainingMode, string>> = {
  at_once: "At once; the acceptance then links the run",
  after_acceptance: "After a data scientist has accepted the finding",
};

/** The form of a policy's next version, filled with the last one's rules. */
export function RetrainingForm(props: Props) {
  const trpc = useTRPC();
  const project = useProject();
  const choices = useQuery(trpc.feedback.retrainingChoices.queryOptions({ projectId: project.id }));
  if (choices.error) return <ErrorPanel error={choices.error} onRetry={() => void choices.refetch()} />;
  if (!choices.data) return <TextSkeleton lines={6} />;
  if (choices.data.length === 0) {
    return (
      <p className="text-sm text-muted">
        Push a production definition first: only a version from its run can be proposed for an environment.
      </p>
    );
  }
  return <Rules {...props} choices={choices.data} />;
}

function firstDraft(last: RetrainingPolicy | null, choices: Choices) {
  const rules = last?.rules;
  return {
    isOn: rules?.isOn ?? true,
    pipelineId: rules?.pipelineId ?? choices[0]?.id ?? "",
    mode: rules?.mode ?? ("after_acceptance" as RetrainingMode),
    windowDays: String(rules?.windowDays ?? 365),
    first: rules ? (rules.firstDayParameter ?? "") : "first_day",
    last: rules ? (rules.lastDayParameter ?? "") : "last_day",
    data: rules?.datasetVersionParameter ?? "",
    cooldownDays: String(rules?.cooldownDays ?? 7),
    budgetRuns: String(rules?.budgetRuns ?? 4),
  };
}
type Draft = ReturnType<typeof firstDraft>;
type Change = (part: Partial<Draft>) => void;

function Rules({ modelId, last, choices, onDone }: Props & { choices: Choices }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const project = useProject();
  const [draft, setDraft] = useState(() => firstDraft(last, choices));
  const change: Change = (part) => setDraft((before) => ({ ...before, ...part }));
  const save = useMutation(
    trpc.feedback.saveRetrainingPolicy.mutationOptions({
      onSuccess: onDone,
      onSettled: () => queryClient.invalidateQueries(trpc.feedback.pathFilter()),
    }),
  );
  const refused = save.error ? describeError(save.error) : null;
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (save.isPending) return;
        save.mutate({
          projectId: project.id,
          modelId,
          isOn: draft.isOn,
          pipelineId: draft.pipelineId,
          mode: draft.mode,
          windowDays: Number(draft.windowDays),
          firstDayParameter: draft.first || null,
          lastDayParameter: draft.last || null,
          datasetVersionParameter: draft.data || null,
          cooldownDays: Number(draft.cooldownDays),
          budgetRuns: Number(draft.budgetRuns),
          baseVersion: last?.version ?? 0,
        });
      }}
    >
      <CheckboxLine checked={draft.isOn} onChange={(event) => change({ isOn: event.target.checked })}>
        The policy is on
      </CheckboxLine>
      <WhatRuns draft={draft} choices={choices} onChange={change} />
      <Limits draft={draft} fields={refused?.fields ?? {}} onChange={change} />
      {refused && <CallProblem error={refused} />}
      <div className="flex justify-end gap-2">
        <Button onClick={onDone}>Cancel</Button>
        <Button type="submit" tone="primary" isPending={save.isPending}>
          Save v{(last?.version ?? 0) + 1}
        </Button>
      </div>
    </form>
  );
}

function WhatRuns({ draft, choices, onChange }: { draft: Draft; choices: Choices; onChange: Change }) {
  const parameters = choices.find(({ id }) => id === draft.pipelineId)?.parameters ?? [];
  const named = (label: string, key: "first" | "last" | "data", types: readonly string[]) => (
    <Field label={label}>
      {(field) => (
        <Select
          {...field}
          value={draft[key]}
          placeholder="None"
          options={optionsOf(parameters, draft[key], types)}
          onChange={(event) => onChange({ [key]: event.target.value })}
        />
      )}
    </Field>
  );
  return (
    <>
      <Field label="Pipeline" hint="Its newest version at that time is run.">
        {(field) => (
          <Select
            {...field}
            value={draft.pipelineId}
            options={choices.map(({ id, name }) => ({ value: id, label: name }))}
            onChange={(event) => onChange({ pipelineId: event.target.value })}
          />
        )}
      </Field>
      <div className="grid gap-4 sm:grid-cols-3">
        {named("First day goes to", "first", ["date", "string"])}
        {named("Last day goes to", "last", ["date", "string"])}
        {named("Newest data goes to", "data", ["string"])}
      </div>
    </>
  );
}

/** The definition's parameters of the right type; a name that it does not have stays to be seen, and saving refuses it. */
function optionsOf(parameters: Choices[number]["parameters"], chosen: string, types: readonly string[]) {
  const fitting = parameters
    .filter(({ type }) => types.includes(type))
    .map(({ name }) => ({ value: name, label: name }));
  const isMissing = chosen !== "" && !fitting.some(({ value }) => value === chosen);
  return isMissing ? [...fitting, { value: chosen, label: `${chosen} (not in the definition)` }] : fitting;
}

function Limits(props: { draft: Draft; fields: Readonly<Record<string, string>>; onChange: Change }) {
  const { draft, fields, onChange } = props;
  const whole = (label: string, key: "windowDays" | "cooldownDays" | "budgetRuns", least: number) => (
    <Field label={label} error={fields[key]}>
      {(field) => (
        <Input
          {...field}
          type="number"
          min={least}
          value={draft[key]}
          onChange={(event) => onChange({ [key]: event.target.value })}
        />
      )}
    </Field>
  );
  return (
    <>
      <Field label="When">
        {(field) => (
          <Select
            {...field}
            value={draft.mode}
            options={RETRAINING_MODES.map((mode) => ({ value: mode, label: MODES[mode] }))}
            onChange={(event) =>
              onChange({ mode: RETRAINING_MODES.find((mode) => mode === event.target.value) ?? draft.mode })
            }
          />
        )}
      </Field>
      <div className="grid gap-4 sm:grid-cols-3">
        {whole("Days to learn from", "windowDays", 1)}
        {whole("Days of cool-down", "cooldownDays", 0)}
        {whole(`Runs within ${BUDGET_DAYS} days`, "budgetRuns", 1)}
      </div>
    </>
  );
}
