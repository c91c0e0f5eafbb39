"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Pencil } from "lucide-react";
import { type FormEvent, useState } from "react";
import { definitionChanges } from "@/domain/features/definition";
import { describeError } from "../providers/call-error";
import { usePermission, useProject } from "../providers/project";
import { useTRPC } from "../providers/trpc";
import { Button } from "../ui/button";
import { Card } from "../ui/card";
import { Dialog } from "../ui/dialog";
import { CallProblem } from "../ui/error-panel";
import { TextSkeleton } from "../ui/skeleton";
import { useToast } from "../ui/toast";
import { ChangesList } from "./changes-list";
import { isUsed, UsesList } from "./uses";
import { definitionOf, draftOf, draftProblem, type ViewDraft } from "./view-draft";
import { DefinitionFields } from "./view-form";
import type { View, ViewVersion } from "./words";

/** Opens the newest definition as a form; saving makes the next version. */
export function ChangeViewButton({ view }: { view: View }) {
  const permission = usePermission("features.edit");
  const [isOpen, setOpen] = useState(false);
  const [newest] = view.versions;
  if (!newest) return null;
  return (
    <>
      <Button disabledReason={permission.reason} onClick={() => setOpen(true)}>
        <Pencil aria-hidden />
        Change
      </Button>
      <Dialog
        isOpen={isOpen}
        onOpenChange={setOpen}
        title={`Change ${view.name}`}
        description={`Saved as version ${newest.version + 1}, which waits for two signatures. What is signed already stays as it is.`}
        width="lg"
      >
        <ChangeForm view={view} base={newest} onSaved={() => setOpen(false)} />
      </Dialog>
    </>
  );
}

function ChangeForm({ view, base, onSaved }: { view: View; base: ViewVersion; onSaved: () => void }) {
  const trpc = useTRPC();
  const project = useProject();
  const queryClient = useQueryClient();
  const toast = useToast();
  // Kept as it was when the dialogue opened, so that a colleague's version in between is noticed.
  const [start] = useState(base);
  const [draft, setDraft] = useState<ViewDraft>(() => draftOf(start.definition));
  const save = useMutation(
    trpc.features.change.mutationOptions({
      onSuccess: async ({ version }) => {
        await queryClient.invalidateQueries(trpc.features.pathFilter());
        toast(`${view.name} saved as version ${version}`);
        onSaved();
      },
    }),
  );
  const changes = definitionChanges(start.definition, definitionOf(draft));
  const missing = draftProblem(draft) ?? (changes.length === 0 ? "Nothing has changed yet." : null);
  const problem = save.error ? describeError(save.error) : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (missing || save.isPending) return;
    save.mutate({ projectId: project.id, viewId: view.id, basedOn: start.version, ...definitionOf(draft) });
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <DefinitionFields
        draft={draft}
        schema={view.dataset.schema}
        errors={problem?.fields ?? {}}
        onChange={(part) => setDraft((before) => ({ ...before, ...part }))}
      />
      {changes.length > 0 && (
        <>
          <Card title={`What changes from v${start.version}`}>
            <ChangesList changes={changes} />
          </Card>
          <Impact viewId={view.id} />
        </>
      )}
      {problem && <CallProblem error={problem} />}
      <Button type="submit" tone="primary" className="self-end" isPending={save.isPending} disabledReason={missing}>
        Save version {start.version + 1}
      </Button>
    </form>
  );
}

/** What uses the view now, asked for when a change is about to be saved. */
function Impact({ viewId }: { viewId: string }) {
  const trpc = useTRPC();
  const project = useProject();
  const { data, error } = useQuery(trpc.features.impact.queryOptions({ projectId: project.id, viewId }));
  return (
    <Card title="What uses it now" isFlush={data !== undefined && isUsed(data)}>
      {error ? (
        <CallProblem error={describeError(error)} />
      ) : data === undefined ? (
        <TextSkeleton lines={2} />
      ) : isUsed(data) ? (
        <UsesList uses={data} />
      ) : (
        <p className="text-sm text-muted">No pipeline, training set or model uses it yet.</p>
      )}
    </Card>
  );
}
