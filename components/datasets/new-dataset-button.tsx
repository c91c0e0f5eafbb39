"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { describeError } from "../providers/call-error";
import { usePermission, useProject } from "../providers/project";
import { useTRPC } from "../providers/trpc";
import { routes } from "../shell/routes";
import { Button } from "../ui/button";
import { CheckboxLine } from "../ui/checkbox";
import { Dialog } from "../ui/dialog";
import { CallProblem } from "../ui/error-panel";
import { Field, Input, Textarea } from "../ui/field";

const EMPTY = { name: "", description: "", source: "", licence: "", isHoldout: false };

/** Opens the form of a new dataset; the dataset's own page then takes its first file. */
export function NewDatasetButton() {
  const permission = usePermission("data.import");
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button tone="primary" disabledReason={permission.reason} onClick={() => setOpen(true)}>
        <Plus aria-hidden />
        New dataset
      </Button>
      <Dialog
        isOpen={isOpen}
        onOpenChange={setOpen}
        title="New dataset"
        description="A name for rows of one kind. Its versions are the files that you import into it."
        width="md"
      >
        <NewDatasetForm />
      </Dialog>
    </>
  );
}

function NewDatasetForm() {
  const trpc = useTRPC();
  const project = useProject();
  const queryClient = useQueryClient();
  const router = useRouter();
  const [entry, setEntry] = useState(EMPTY);
  const create = useMutation(
    trpc.data.create.mutationOptions({
      onSuccess: async (dataset) => {
        await queryClient.invalidateQueries(trpc.data.pathFilter());
        router.push(routes.dataset(project.slug, dataset.name));
      },
    }),
  );
  const problem = create.error ? describeError(create.error) : null;
  const set = (change: Partial<typeof EMPTY>) => setEntry((before) => ({ ...before, ...change }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({ projectId: project.id, ...entry });
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <Field label="Name" hint="Lower-case letters, digits, dots, dashes: seattle-weather" error={problem?.fields.name}>
        {(field) => (
          <Input
            {...field}
            required
            autoComplete="off"
            value={entry.name}
            onChange={(event) => set({ name: event.target.value })}
          />
        )}
      </Field>
      <Field label="What the rows are" isOptional error={problem?.fields.description}>
        {(field) => (
          <Textarea
            {...field}
            rows={2}
            value={entry.description}
            onChange={(event) => set({ description: event.target.value })}
          />
        )}
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Source" isOptional error={problem?.fields.source}>
          {(field) => (
            <Input {...field} value={entry.source} onChange={(event) => set({ source: event.target.value })} />
          )}
        </Field>
        <Field label="Licence" isOptional error={problem?.fields.licence}>
          {(field) => (
            <Input {...field} value={entry.licence} onChange={(event) => set({ licence: event.target.value })} />
          )}
        </Field>
      </div>
      <CheckboxLine
        checked={entry.isHoldout}
        onChange={(event) => set({ isHoldout: event.target.checked })}
        hint="The platform measures models on it. No step of a pipeline ever receives it, and this cannot be undone."
      >
        Hold-out
      </CheckboxLine>
      {problem && <CallProblem error={problem} />}
      <Button type="submit" tone="primary" className="self-end" isPending={create.isPending}>
        Create dataset
      </Button>
    </form>
  );
}
