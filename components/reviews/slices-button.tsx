"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { describeError } from "../providers/call-error";
import { usePermission, useProject } from "../providers/project";
import { type RouterOutputs, useTRPC } from "../providers/trpc";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { CallProblem, ErrorPanel } from "../ui/error-panel";
import { Field, Input } from "../ui/field";
import { TextSkeleton } from "../ui/skeleton";

type Slices = RouterOutputs["reviews"]["slices"];

/** The project's slices: what stands, a new one, and what is no longer wanted. */
export function SlicesButton() {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <Button size="sm" onClick={() => setIsOpen(true)}>
        Slices
      </Button>
      <Dialog
        isOpen={isOpen}
        onOpenChange={setIsOpen}
        width="md"
        title="Slices of this project"
        description="Conditions over the hold-out, kept in the project. A changed set is computed in every open review, and verdicts given before are outdated."
      >
        <SliceList />
      </Dialog>
    </>
  );
}

function SliceList() {
  const trpc = useTRPC();
  const project = useProject();
  const found = useQuery(trpc.reviews.slices.queryOptions({ projectId: project.id }));
  if (found.error) return <ErrorPanel error={found.error} onRetry={() => void found.refetch()} />;
  if (!found.data) return <TextSkeleton lines={4} />;
  const { slices, dataset } = found.data;
  return (
    <div className="flex flex-col gap-4">
      {slices.length === 0 ? (
        <p className="text-sm text-muted">None yet. Reviews show all rows only.</p>
      ) : (
        <ul aria-label="Slices" className="rounded-md border border-line">
          {slices.map((slice) => (
            <SliceLine key={slice.id} slice={slice} />
          ))}
        </ul>
      )}
      {dataset ? (
        <NewSlice dataset={dataset} />
      ) : (
        <p className="text-sm text-muted">
          No policy names a hold-out yet, so there are no rows to slice. An ML engineer publishes one.
        </p>
      )}
    </div>
  );
}

function SliceLine({ slice }: { slice: Slices["slices"][number] }) {
  const trpc = useTRPC();
  const project = useProject();
  const queryClient = useQueryClient();
  const permission = usePermission("reviews.comment");
  const retire = useMutation(
    trpc.reviews.retireSlice.mutationOptions({
      onSettled: () => queryClient.invalidateQueries(trpc.reviews.pathFilter()),
    }),
  );
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-3 py-2 text-sm last:border-b-0">
      <span className="min-w-0 flex-1 basis-40">
        <span className="block font-semibold break-words">{slice.name}</span>
        <code className="block text-xs break-words text-muted">{slice.expression}</code>
      </span>
      <Button
        size="sm"
        tone="ghost"
        aria-label={`Retire ${slice.name}`}
        disabledReason={permission.reason}
        isPending={retire.isPending}
        onClick={() => retire.mutate({ projectId: project.id, sliceId: slice.id })}
      >
        Retire
      </Button>
      {retire.error && <CallProblem error={describeError(retire.error)} />}
    </li>
  );
}

function NewSlice({ dataset }: { dataset: NonNullable<Slices["dataset"]> }) {
  const trpc = useTRPC();
  const project = useProject();
  const queryClient = useQueryClient();
  const permission = usePermission("reviews.comment");
  const [name, setName] = useState("");
  const [expression, setExpression] = useState("");
  const create = useMutation(
    trpc.reviews.createSlice.mutationOptions({
      onSuccess: () => {
        setName("");
        setExpression("");
      },
      onSettled: () => queryClient.invalidateQueries(trpc.reviews.pathFilter()),
    }),
  );
  const problem = create.error ? describeError(create.error) : null;
  const missing = name.trim() === "" || expression.trim() === "" ? "Name it and write its condition." : null;
  return (
    <form
      aria-label="New slice"
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (!missing && !permission.reason && !create.isPending)
          create.mutate({ projectId: project.id, name, expression });
      }}
    >
      <Field label="Name" error={problem?.fields.name}>
        {(field) => <Input {...field} value={name} onChange={(event) => setName(event.target.value)} />}
      </Field>
      <Field
        label="Condition"
        hint={`Over ${dataset.name}: ${dataset.columns.map((column) => column.name).join(", ")}. Such as wind > 5.`}
        error={problem?.reason === "expression" ? problem.message : problem?.fields.expression}
      >
        {(field) => (
          <Input
            {...field}
            className="font-mono"
            value={expression}
            onChange={(event) => setExpression(event.target.value)}
          />
        )}
      </Field>
      {problem && problem.reason !== "expression" && <CallProblem error={problem} />}
      <div className="flex justify-end">
        <Button type="submit" tone="primary" isPending={create.isPending} disabledReason={permission.reason ?? missing}>
          Add slice
        </Button>
      </div>
    </form>
  );
}
