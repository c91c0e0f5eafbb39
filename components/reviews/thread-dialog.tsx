"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { MessageSquare, MessageSquarePlus } from "lucide-react";
import { useState } from "react";
import { describeError } from "../providers/call-error";
import { usePermission, useProject } from "../providers/project";
import { useTRPC } from "../providers/trpc";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { CallProblem } from "../ui/error-panel";
import { CommentField } from "./comment-field";
import { type Anchor, anchorText, type Review, threadsAt } from "./words";

/** Why nobody can open a thread now; null when it can be done. */
export function threadRefusal(review: Review): string | null {
  if (review.state !== "open") return "This review is closed.";
  return review.evidence ? null : "The evidence is being computed.";
}

/** Opens a thread; the value is quoted as this page shows it. */
export function useOpenThread(review: Review, onDone: () => void) {
  const trpc = useTRPC();
  const project = useProject();
  const queryClient = useQueryClient();
  const open = useMutation(
    trpc.reviews.openThread.mutationOptions({
      onSuccess: onDone,
      onSettled: () => queryClient.invalidateQueries(trpc.reviews.pathFilter()),
    }),
  );
  const send = (anchor: Anchor, body: string) =>
    open.mutate({
      projectId: project.id,
      reviewId: review.id,
      anchor,
      body,
      evidenceDigest: review.evidence?.digest ?? "",
    });
  return { open, send };
}

/** The small button at a value: how many threads are anchored there, and a new one. */
export function ThreadButton({ review, anchor, label }: { review: Review; anchor: Anchor; label: string }) {
  const [isOpen, setIsOpen] = useState(false);
  const permission = usePermission("reviews.comment");
  const { all, unresolved } = threadsAt(review, anchor);
  const name = all === 0 ? `Comment on ${label}` : `Comment on ${label}, ${all} so far, ${unresolved} unresolved`;
  return (
    <>
      <Button
        tone="ghost"
        size="sm"
        label={name}
        disabledReason={permission.reason ?? threadRefusal(review)}
        onClick={() => setIsOpen(true)}
      >
        {all === 0 ? <MessageSquarePlus aria-hidden /> : <MessageSquare aria-hidden />}
        {all > 0 && <span className="figures">{all}</span>}
      </Button>
      <Dialog
        isOpen={isOpen}
        onOpenChange={setIsOpen}
        width="md"
        title={`A thread ${anchorText({ kind: anchor.kind, label })}`}
        description="The value is kept in the thread as it stands now. Until the thread is resolved, it blocks the promotion where a review is asked for."
      >
        <ThreadForm review={review} anchor={anchor} onDone={() => setIsOpen(false)} />
      </Dialog>
    </>
  );
}

function ThreadForm({ review, anchor, onDone }: { review: Review; anchor: Anchor; onDone: () => void }) {
  const [body, setBody] = useState("");
  const { open, send } = useOpenThread(review, onDone);
  const problem = open.error ? describeError(open.error) : null;
  const missing = body.trim() === "" ? "Write what you want to ask or say." : null;
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (!missing && !open.isPending) send(anchor, body);
      }}
    >
      <CommentField
        label="Comment"
        members={review.members}
        value={body}
        onChange={setBody}
        error={problem?.fields.body}
      />
      {problem && <CallProblem error={problem} />}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onDone}>Cancel</Button>
        <Button type="submit" tone="primary" isPending={open.isPending} disabledReason={missing}>
          Open thread
        </Button>
      </div>
    </form>
  );
}
