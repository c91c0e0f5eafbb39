"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { problemStatementInput } from "@/domain/projects/contracts";
import { describeError } from "../providers/call-error";
import { useProject } from "../providers/project";
import { useTRPC } from "../providers/trpc";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { CallProblem } from "../ui/error-panel";
import { Field, Input, Textarea } from "../ui/field";
import { useToast } from "../ui/toast";
import { fieldErrorsOf } from "./form-errors";
import { numberOf, useForm } from "./use-form";

type Props = { isOpen: boolean; onOpenChange: (isOpen: boolean) => void };

/** States the problem anew; the earlier version stays in the record. */
export function ProblemDialog({ isOpen, onOpenChange }: Props) {
  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      title="Problem statement"
      description="Saved as a new version; earlier ones stay as they were."
      width="md"
    >
      <ProblemForm onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}

function ProblemForm({ onDone }: { onDone: () => void }) {
  const { id: projectId, problemStatement: before } = useProject();
  const trpc = useTRPC();
  const toast = useToast();
  const queryClient = useQueryClient();
  const [hasTried, setHasTried] = useState(false);
  const { values, bind } = useForm({
    goal: before?.goal ?? "",
    affectedUsers: before?.affectedUsers ?? "",
    kpiName: before?.kpiName ?? "",
    kpiUnit: before?.kpiUnit ?? "",
    kpiBaseline: before ? String(before.kpiBaseline) : "",
    kpiTarget: before ? String(before.kpiTarget) : "",
    deadline: before?.deadline ?? "",
  });
  const save = useMutation(
    trpc.projects.stateProblem.mutationOptions({
      onSuccess: async ({ version }) => {
        await queryClient.invalidateQueries(trpc.projects.pathFilter());
        toast(`Problem statement saved as version ${version}`);
        onDone();
      },
    }),
  );
  const parsed = problemStatementInput.safeParse({
    ...values,
    kpiBaseline: numberOf(values.kpiBaseline),
    kpiTarget: numberOf(values.kpiTarget),
    deadline: values.deadline || null,
  });
  const errors = {
    ...(hasTried ? fieldErrorsOf(parsed.error) : {}),
    ...(save.error ? describeError(save.error).fields : {}),
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setHasTried(true);
    if (parsed.success && !save.isPending) save.mutate({ projectId, ...parsed.data });
  };
  return (
    <form className="flex flex-col gap-4" onSubmit={submit} noValidate>
      <Field label="Goal" hint="What should become better, in the words of the people who feel it." error={errors.goal}>
        {(field) => <Textarea {...field} {...bind("goal")} />}
      </Field>
      <Field label="Who is affected" isOptional error={errors.affectedUsers}>
        {(field) => <Input {...field} {...bind("affectedUsers")} />}
      </Field>
      <div className="grid gap-4 sm:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <Field label="KPI" hint="The figure by which the goal is judged." error={errors.kpiName}>
          {(field) => <Input {...field} {...bind("kpiName")} />}
        </Field>
        <Field label="Unit" isOptional error={errors.kpiUnit}>
          {(field) => <Input {...field} {...bind("kpiUnit")} placeholder="%" />}
        </Field>
      </div>
      <div className="grid gap-4 sm:grid-cols-3">
        <Field label="Baseline" hint="Today, without a model." error={errors.kpiBaseline}>
          {(field) => <Input {...field} {...bind("kpiBaseline")} inputMode="decimal" className="figures" />}
        </Field>
        <Field label="Target" error={errors.kpiTarget}>
          {(field) => <Input {...field} {...bind("kpiTarget")} inputMode="decimal" className="figures" />}
        </Field>
        <Field label="Due" isOptional error={errors.deadline}>
          {(field) => <Input {...field} {...bind("deadline")} type="date" />}
        </Field>
      </div>
      <FormFoot error={save.error} isPending={save.isPending} onCancel={onDone} act="Save statement" />
    </form>
  );
}

export function FormFoot({
  error,
  isPending,
  onCancel,
  act,
}: {
  error: unknown;
  isPending: boolean;
  onCancel: () => void;
  act: string;
}) {
  return (
    <>
      {error ? <CallProblem error={describeError(error)} /> : null}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" tone="primary" isPending={isPending}>
          {act}
        </Button>
      </div>
    </>
  );
}
