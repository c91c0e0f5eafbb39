"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import type { Role } from "@/domain/identity/roles";
import { createProjectInput } from "@/domain/projects/contracts";
import { RISK_CLASSES } from "@/domain/projects/types";
import { describeError } from "../providers/call-error";
import { allowedFor } from "../providers/project";
import { useTRPC } from "../providers/trpc";
import { routes } from "../shell/routes";
import { Button, ButtonLink } from "../ui/button";
import { Card } from "../ui/card";
import { CallProblem } from "../ui/error-panel";
import { Field, Input, Select, Textarea } from "../ui/field";
import { fieldErrorsOf } from "./form-errors";
import { useForm } from "./use-form";

const RISK_HINTS = {
  low: "Low: internal and reversible",
  medium: "Medium: touches customers or money",
  high: "High: legal, safety or personal effect",
} as const;

/** Name, purpose and risk class; the rest of the brief is written on the project's page. */
export function NewProjectForm({ roles }: { roles: readonly Role[] }) {
  const trpc = useTRPC();
  const router = useRouter();
  const queryClient = useQueryClient();
  const { values, bind } = useForm({ name: "", description: "", risk: "medium" });
  const [hasTried, setHasTried] = useState(false);
  const permission = allowedFor(roles, "projects.create", true);
  const create = useMutation(
    trpc.projects.create.mutationOptions({
      onSuccess: async ({ slug }) => {
        await queryClient.invalidateQueries(trpc.projects.pathFilter());
        router.push(routes.project(slug));
        router.refresh();
      },
    }),
  );
  const parsed = createProjectInput.safeParse(values);
  const errors = {
    ...(hasTried ? fieldErrorsOf(parsed.error) : {}),
    ...(create.error ? describeError(create.error).fields : {}),
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setHasTried(true);
    if (permission.allowed && parsed.success && !create.isPending) create.mutate(parsed.data);
  };
  return (
    <Card title="The project" className="max-w-xl">
      <form className="flex flex-col gap-4" onSubmit={submit} noValidate>
        <Field label="Name" hint="As people say it. The address of the project is made from it." error={errors.name}>
          {(field) => <Input {...field} {...bind("name")} autoComplete="off" maxLength={80} />}
        </Field>
        <Field label="What it is about" isOptional error={errors.description}>
          {(field) => <Textarea {...field} {...bind("description")} />}
        </Field>
        <Field
          label="Risk class"
          hint="Decides who signs: from medium on, the business stakeholder signs for production too."
          error={errors.risk}
        >
          {(field) => (
            <Select
              {...field}
              {...bind("risk")}
              options={RISK_CLASSES.map((value) => ({ value, label: RISK_HINTS[value] }))}
            />
          )}
        </Field>
        {create.error && <CallProblem error={describeError(create.error)} />}
        <div className="flex flex-wrap justify-end gap-2">
          <ButtonLink href={routes.home()}>Cancel</ButtonLink>
          <Button type="submit" tone="primary" disabledReason={permission.reason} isPending={create.isPending}>
            Create project
          </Button>
        </div>
      </form>
    </Card>
  );
}
