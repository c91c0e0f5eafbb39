"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { RESOLUTION_KINDS, type ResolutionKind } from "@/domain/feedback/types";
import { describeError } from "../providers/call-error";
import { useProject } from "../providers/project";
import { useTRPC } from "../providers/trpc";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { CallProblem, ErrorPanel } from "../ui/error-panel";
import { Field, Select, Textarea } from "../ui/field";
import type { Item } from "./item-view";

const WORDS: Readonly<Record<ResolutionKind, string>> = {
  pipeline_run: "Pipeline run",
  experiment_run: "Experiment run",
  dataset_version: "Dataset version",
  feature_view_version: "Feature view version",
  model_version: "Model version",
};

type Props = { item: Item; isOpen: boolean; onOpenChange: (isOpen: boolean) => void };

/** Asks what closed the item; the answer stands on its page and in the lineage. */
export function CompleteDialog({ item, isOpen, onOpenChange }: Props) {
  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      width="md"
      title="What closed it?"
      description="The item points to it from then on."
    >
      <CompleteForm item={item} onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}

/** What is likely: the version that the retraining made, else what the role makes. */
function likelyResolution({ kind, retraining }: Item): { kind: ResolutionKind; id: string } {
  const version = retraining?.versions.at(-1);
  if (version) return { kind: "model_version", id: version.id };
  if (retraining?.run) return { kind: "pipeline_run", id: retraining.run.id };
  if (kind === "F2") return { kind: "feature_view_version", id: "" };
  return { kind: kind === "F3" ? "experiment_run" : "dataset_version", id: "" };
}

function CompleteForm({ item, onDone }: { item: Item; onDone: () => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const project = useProject();
  const [draft, setDraft] = useState(() => ({ ...likelyResolution(item), comment: "" }));
  const change = (part: Partial<typeof draft>) => setDraft((before) => ({ ...before, ...part }));
  const options = useQuery(trpc.feedback.resolutions.queryOptions({ projectId: project.id, kind: draft.kind }));
  const complete = useMutation(
    trpc.feedback.complete.mutationOptions({
      onSuccess: onDone,
      onSettled: () => queryClient.invalidateQueries(trpc.feedback.pathFilter()),
    }),
  );
  const empty = draft.id === "" ? "Choose what closed it." : null;
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (complete.isPending || empty) return;
        complete.mutate({
          projectId: project.id,
          itemId: item.id,
          resolution: { kind: draft.kind, id: draft.id },
          comment: draft.comment,
        });
      }}
    >
      <Field label="Kind">
        {(field) => (
          <Select
            {...field}
            value={draft.kind}
            options={RESOLUTION_KINDS.map((kind) => ({ value: kind, label: WORDS[kind] }))}
            onChange={(event) =>
              change({ kind: RESOLUTION_KINDS.find((kind) => kind === event.target.value) ?? draft.kind, id: "" })
            }
          />
        )}
      </Field>
      {options.error ? (
        <ErrorPanel error={options.error} onRetry={() => void options.refetch()} />
      ) : (
        <Field
          label={WORDS[draft.kind]}
          hint={options.data?.length === 0 ? "The project has none yet." : "The newest first."}
        >
          {(field) => (
            <Select
              {...field}
              value={draft.id}
              placeholder={options.data ? "Choose one" : "Loading"}
              options={(options.data ?? []).map(({ id, label }) => ({ value: id, label }))}
              onChange={(event) => change({ id: event.target.value })}
            />
          )}
        </Field>
      )}
      <Field label="Comment" isOptional>
        {(field) => (
          <Textarea {...field} value={draft.comment} onChange={(event) => change({ comment: event.target.value })} />
        )}
      </Field>
      {complete.error && <CallProblem error={describeError(complete.error)} />}
      <div className="flex justify-end gap-2">
        <Button onClick={onDone}>Cancel</Button>
        <Button type="submit" tone="primary" disabledReason={empty} isPending={complete.isPending}>
          Say that it is done
        </Button>
      </div>
    </form>
  );
}
