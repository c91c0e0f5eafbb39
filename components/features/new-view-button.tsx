"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { describeError } from "../providers/call-error";
import { usePermission, useProject } from "../providers/project";
import { useTRPC } from "../providers/trpc";
import { routes } from "../shell/routes";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { CallProblem } from "../ui/error-panel";
import { Field, Input, Select } from "../ui/field";
import { definitionOf, draftProblem, EMPTY_VIEW, type ViewDraft } from "./view-draft";
import { DefinitionFields, useSchema } from "./view-form";

/** Opens the form of a new feature view. */
export function NewViewButton() {
  const permission = usePermission("features.edit");
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button tone="primary" disabledReason={permission.reason} onClick={() => setOpen(true)}>
        <Plus aria-hidden />
        New feature view
      </Button>
      <Dialog
        isOpen={isOpen}
        onOpenChange={setOpen}
        title="New feature view"
        description="What is known of an entity at a time. Production pipelines read it once a data scientist and a data engineer have signed it."
        width="lg"
      >
        <NewViewForm />
      </Dialog>
    </>
  );
}

function NewViewForm() {
  const trpc = useTRPC();
  const project = useProject();
  const queryClient = useQueryClient();
  const router = useRouter();
  const [draft, setDraft] = useState<ViewDraft>(EMPTY_VIEW);
  const { data: datasets } = useQuery(trpc.data.list.queryOptions({ projectId: project.id }));
  // A hold-out gives no features: no step may ever see it.
  const usable = (datasets ?? []).filter((dataset) => !dataset.isHoldout && dataset.newest !== null);
  const schema = useSchema(usable.find((dataset) => dataset.name === draft.dataset)?.newest?.id ?? null);
  const create = useMutation(
    trpc.features.create.mutationOptions({
      onSuccess: async (view) => {
        await queryClient.invalidateQueries(trpc.features.pathFilter());
        router.push(routes.featureView(project.slug, view.name));
      },
    }),
  );
  const change = (part: Partial<ViewDraft>) => setDraft((before) => ({ ...before, ...part }));
  const missing = draftProblem(draft);
  const problem = create.error ? describeError(create.error) : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (missing || create.isPending) return;
    create.mutate({ projectId: project.id, name: draft.name, dataset: draft.dataset, ...definitionOf(draft) });
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Name" hint="Small letters, digits, underscores: daily_weather" error={problem?.fields.name}>
          {(field) => (
            <Input
              {...field}
              required
              autoComplete="off"
              value={draft.name}
              onChange={(event) => change({ name: event.target.value })}
            />
          )}
        </Field>
        <Field
          label="Dataset"
          error={problem?.fields.dataset}
          hint={datasets && usable.length === 0 ? "Import data first: a view is made over a dataset." : undefined}
        >
          {(field) => (
            <Select
              {...field}
              value={draft.dataset}
              placeholder="Choose a dataset"
              options={usable.map(({ name }) => ({ value: name, label: name }))}
              onChange={(event) =>
                setDraft({
                  ...EMPTY_VIEW,
                  name: draft.name,
                  description: draft.description,
                  dataset: event.target.value,
                })
              }
            />
          )}
        </Field>
      </div>
      {schema.length > 0 && (
        <DefinitionFields draft={draft} schema={schema} errors={problem?.fields ?? {}} onChange={change} />
      )}
      {problem && <CallProblem error={problem} />}
      <Button type="submit" tone="primary" className="self-end" isPending={create.isPending} disabledReason={missing}>
        Define version 1
      </Button>
    </form>
  );
}
