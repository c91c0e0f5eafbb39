"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { reviewName } from "@/domain/reviews/outcome";
import { describeError } from "../providers/call-error";
import { usePermission, useProject } from "../providers/project";
import { useTRPC } from "../providers/trpc";
import { routes } from "../shell/routes";
import { Button, ButtonLink } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { CallProblem } from "../ui/error-panel";
import { Field, Input, Textarea } from "../ui/field";

type Subject =
  | { readonly kind: "model_version"; readonly modelVersionId: string }
  | { readonly kind: "experiment_run"; readonly experimentRunId: string };

/** On the page of a run or of a version: to the review that is open, else to a new one. */
export function OpenReviewButton({ subject, name }: { subject: Subject; name: string }) {
  const trpc = useTRPC();
  const project = useProject();
  const permission = usePermission("reviews.comment");
  const [isOpen, setIsOpen] = useState(false);
  const asked =
    subject.kind === "model_version"
      ? { modelVersionId: subject.modelVersionId }
      : { experimentRunId: subject.experimentRunId };
  const known = useQuery(trpc.reviews.ofSubject.queryOptions({ projectId: project.id, ...asked }));
  if (known.data?.state === "open") {
    return (
      <ButtonLink href={routes.review(project.slug, known.data.number)}>
        Review {reviewName(known.data.number)}
      </ButtonLink>
    );
  }
  return (
    <>
      <Button disabledReason={permission.reason} onClick={() => setIsOpen(true)}>
        Open a review
      </Button>
      <Dialog
        isOpen={isOpen}
        onOpenChange={setIsOpen}
        title={`Open a review of ${name}`}
        description="It is compared with what serves in production. You cannot give a verdict on a review that you opened."
      >
        <OpenForm subject={subject} onDone={() => setIsOpen(false)} />
      </Dialog>
    </>
  );
}

function OpenForm({ subject, onDone }: { subject: Subject; onDone: () => void }) {
  const trpc = useTRPC();
  const project = useProject();
  const router = useRouter();
  const queryClient = useQueryClient();
  const [title, setTitle] = useState("");
  const [description, setDescription] = useState("");
  const open = useMutation(
    trpc.reviews.open.mutationOptions({
      onSuccess: ({ number }) => {
        router.push(routes.review(project.slug, number));
        onDone();
      },
      onSettled: () => queryClient.invalidateQueries(trpc.reviews.pathFilter()),
    }),
  );
  const problem = open.error ? describeError(open.error) : null;
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (!open.isPending) open.mutate({ projectId: project.id, subject, title, description });
      }}
    >
      <Field label="Title" isOptional hint="Left empty, it says what replaces what." error={problem?.fields.title}>
        {(field) => <Input {...field} value={title} onChange={(event) => setTitle(event.target.value)} />}
      </Field>
      <Field label="What should people look at" isOptional error={problem?.fields.description}>
        {(field) => (
          <Textarea {...field} value={description} onChange={(event) => setDescription(event.target.value)} />
        )}
      </Field>
      {problem && <CallProblem error={problem} />}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onDone}>Cancel</Button>
        <Button type="submit" tone="primary" isPending={open.isPending}>
          Open review
        </Button>
      </div>
    </form>
  );
}
