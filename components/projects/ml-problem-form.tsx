"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { mlProblemInput } from "@/domain/projects/contracts";
import { isLowerBetter, metricTitle } from "@/domain/promotions/metrics";
import { describeError } from "../providers/call-error";
import { useProject } from "../providers/project";
import { useTRPC } from "../providers/trpc";
import { Dialog } from "../ui/dialog";
import { Field, Input, Select, Textarea } from "../ui/field";
import { useToast } from "../ui/toast";
import { fieldErrorsOf } from "./form-errors";
import { FormFoot } from "./problem-form";
import { TASK_WORDS } from "./task-words";
import { numberOf, useForm } from "./use-form";

type Props = { isOpen: boolean; onOpenChange: (isOpen: boolean) => void };

/** Defines the ML problem anew, tied to the newest problem statement. */
export function MlProblemDialog({ isOpen, onOpenChange }: Props) {
  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      title="ML problem definition"
      description="Saved as a new version. A promotion policy names the version whose threshold it applies."
      width="md"
    >
      <MlProblemForm onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}

const TASKS = mlProblemInput.shape.task.options.map((value) => ({ value, label: TASK_WORDS[value] }));
const METRICS = mlProblemInput.shape.metric.options.map((value) => ({ value, label: metricTitle(value) }));

function MlProblemForm({ onDone }: { onDone: () => void }) {
  const { id: projectId, mlProblem: before, problemStatement } = useProject();
  const trpc = useTRPC();
  const toast = useToast();
  const queryClient = useQueryClient();
  const [hasTried, setHasTried] = useState(false);
  const { values, bind } = useForm({
    task: before?.task ?? "binary_classification",
    target: before?.target ?? "",
    predictionUnit: before?.predictionUnit ?? "",
    metric: before?.metric ?? "accuracy",
    acceptanceThreshold: before ? String(before.acceptanceThreshold) : "",
    rationale: before?.rationale ?? "",
  });
  const save = useMutation(
    trpc.projects.defineMlProblem.mutationOptions({
      onSuccess: async ({ version }) => {
        await queryClient.invalidateQueries(trpc.projects.pathFilter());
        toast(`ML problem definition saved as version ${version}`);
        onDone();
      },
    }),
  );
  const parsed = mlProblemInput.safeParse({ ...values, acceptanceThreshold: numberOf(values.acceptanceThreshold) });
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
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Task" error={errors.task}>
          {(field) => <Select {...field} {...bind("task")} options={TASKS} />}
        </Field>
        <Field label="Target" hint="The column or event that is predicted." error={errors.target}>
          {(field) => <Input {...field} {...bind("target")} />}
        </Field>
        <Field label="One prediction per" hint="Such as day and station." error={errors.predictionUnit}>
          {(field) => <Input {...field} {...bind("predictionUnit")} />}
        </Field>
        <Field
          label="Metric"
          hint={isLowerBetter(values.metric) ? "Less is better." : "More is better."}
          error={errors.metric}
        >
          {(field) => <Select {...field} {...bind("metric")} options={METRICS} />}
        </Field>
      </div>
      <Field
        label="Acceptance threshold"
        hint={`${isLowerBetter(values.metric) ? "At most" : "At least"} this much on the hold-out, judged by the platform itself.`}
        error={errors.acceptanceThreshold}
        className="sm:w-1/2"
      >
        {(field) => <Input {...field} {...bind("acceptanceThreshold")} inputMode="decimal" className="figures" />}
      </Field>
      <Field
        label="How the threshold follows from the KPI"
        hint={
          problemStatement
            ? `The KPI is ${problemStatement.kpiName}: ${problemStatement.kpiBaseline} today, ${problemStatement.kpiTarget} wanted.`
            : undefined
        }
        error={errors.rationale}
      >
        {(field) => <Textarea {...field} {...bind("rationale")} />}
      </Field>
      <FormFoot error={save.error} isPending={save.isPending} onCancel={onDone} act="Save definition" />
    </form>
  );
}
