"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { MessageSquarePlus } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { ARROWS } from "@/domain/feedback/arrows";
import type { BY_HAND } from "@/domain/feedback/contracts";
import { roleNames } from "@/domain/identity/roles";
import { describeError } from "../providers/call-error";
import { usePermission, useProject } from "../providers/project";
import { useTRPC } from "../providers/trpc";
import { routes } from "../shell/routes";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { CallProblem } from "../ui/error-panel";
import { Field, Input, Select, Textarea } from "../ui/field";

type ByHand = (typeof BY_HAND)[number];

/** Where the item comes from, filled in by the page that has the button. */
export type ItemSource =
  | { readonly kind: "free" }
  | { readonly kind: "experiment_run"; readonly runId: string; readonly name: string }
  | {
      readonly kind: "monitor_check";
      readonly checkId: string;
      readonly name: string;
      readonly warnings: readonly string[];
    }
  | {
      readonly kind: "dataset_column";
      readonly datasetVersionId: string;
      readonly name: string;
      readonly columns: readonly string[];
    };

const FREE: ItemSource = { kind: "free" };

/** Opens the dialogue of a new item: a data request, or an idea for a feature rule. */
export function NewItemButton(props: {
  label: string;
  source?: ItemSource;
  /** Kinds to choose from; one is not asked for. */
  kinds?: readonly ByHand[];
  tone?: "primary" | "secondary";
}) {
  const { label, source = FREE, kinds = ["F1", "F2"], tone = "secondary" } = props;
  const permission = usePermission("feedback.create");
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button tone={tone} disabledReason={permission.reason} onClick={() => setOpen(true)}>
        <MessageSquarePlus aria-hidden />
        {label}
      </Button>
      <Dialog
        isOpen={isOpen}
        onOpenChange={setOpen}
        width="md"
        title={label}
        description="It goes to the people who can act on it. They accept it, or decline it with a reason."
      >
        <ItemForm source={source} kinds={kinds} onCancel={() => setOpen(false)} />
      </Dialog>
    </>
  );
}

function originOf(source: ItemSource, column: string) {
  if (source.kind === "experiment_run") return { kind: source.kind, runId: source.runId };
  if (source.kind === "monitor_check") return { kind: source.kind, checkId: source.checkId };
  if (source.kind === "dataset_column")
    return { kind: source.kind, datasetVersionId: source.datasetVersionId, column: column || null };
  return { kind: source.kind };
}

function ItemForm({ source, kinds, onCancel }: { source: ItemSource; kinds: readonly ByHand[]; onCancel: () => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const router = useRouter();
  const project = useProject();
  const [draft, setDraft] = useState({
    kind: kinds[0] ?? "F1",
    title: "",
    body: source.kind === "monitor_check" ? source.warnings.join("\n") : "",
    column: "",
    days: "5",
  });
  const change = (part: Partial<typeof draft>) => setDraft((before) => ({ ...before, ...part }));
  const create = useMutation(
    trpc.feedback.create.mutationOptions({
      onSuccess: async ({ number }) => {
        await queryClient.invalidateQueries(trpc.feedback.pathFilter());
        router.push(routes.feedbackItem(project.slug, number));
      },
    }),
  );
  const refused = create.error ? describeError(create.error) : null;
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (create.isPending) return;
        create.mutate({
          projectId: project.id,
          kind: draft.kind,
          title: draft.title,
          body: draft.body,
          dueInDays: Number(draft.days),
          origin: originOf(source, draft.column),
        });
      }}
    >
      <SourceFields source={source} kinds={kinds} draft={draft} onChange={change} />
      <Field label="In a few words" error={refused?.fields.title}>
        {(field) => (
          <Input {...field} value={draft.title} onChange={(event) => change({ title: event.target.value })} />
        )}
      </Field>
      <Field label="What is wanted, and why" isOptional error={refused?.fields.body}>
        {(field) => (
          <Textarea {...field} rows={4} value={draft.body} onChange={(event) => change({ body: event.target.value })} />
        )}
      </Field>
      <Field label="Days until an answer" error={refused?.fields.dueInDays}>
        {(field) => (
          <Input
            {...field}
            type="number"
            min={1}
            max={90}
            value={draft.days}
            onChange={(event) => change({ days: event.target.value })}
          />
        )}
      </Field>
      {refused && <CallProblem error={refused} />}
      <div className="flex justify-end gap-2">
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" tone="primary" isPending={create.isPending}>
          Send to the {roleNames(ARROWS[draft.kind].receivers)}
        </Button>
      </div>
    </form>
  );
}

function SourceFields(props: {
  source: ItemSource;
  kinds: readonly ByHand[];
  draft: { kind: ByHand; column: string };
  onChange: (part: { kind?: ByHand; column?: string }) => void;
}) {
  const { source, kinds, draft, onChange } = props;
  return (
    <>
      {source.kind !== "free" && (
        <p className="text-sm">
          <span className="text-muted">About</span> <span className="font-semibold">{source.name}</span>
        </p>
      )}
      {kinds.length > 1 && (
        <Field
          label="Kind"
          hint={`From ${ARROWS[draft.kind].from.toLowerCase()} to ${ARROWS[draft.kind].to.toLowerCase()}.`}
        >
          {(field) => (
            <Select
              {...field}
              value={draft.kind}
              options={kinds.map((kind) => ({ value: kind, label: `${kind} ${ARROWS[kind].title.toLowerCase()}` }))}
              onChange={(event) => onChange({ kind: kinds.find((kind) => kind === event.target.value) ?? draft.kind })}
            />
          )}
        </Field>
      )}
      {source.kind === "dataset_column" && (
        <Field label="Column">
          {(field) => (
            <Select
              {...field}
              value={draft.column}
              placeholder="The dataset as a whole"
              options={source.columns.map((column) => ({ value: column, label: column }))}
              onChange={(event) => onChange({ column: event.target.value })}
            />
          )}
        </Field>
      )}
    </>
  );
}
