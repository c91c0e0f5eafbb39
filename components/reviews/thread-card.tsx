"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type ProcessRole, roleNames } from "@/domain/identity/roles";
import { refusalToResolve } from "@/domain/reviews/policy";
import { StatusBadge } from "../data/status-badge";
import { describeError } from "../providers/call-error";
import { useMe } from "../providers/me";
import { usePermission, useProject } from "../providers/project";
import { useTRPC } from "../providers/trpc";
import { Avatar } from "../ui/avatar";
import { Button } from "../ui/button";
import { ConfirmDialog } from "../ui/confirm-dialog";
import { CallProblem } from "../ui/error-panel";
import { RelativeTime } from "../ui/time";
import { CommentBody } from "./comment-body";
import { CommentField } from "./comment-field";
import { QuoteBox } from "./quote";
import { anchorText, type Review, type ReviewThread } from "./words";

type Props = { review: Review; thread: ReviewThread };

/** One thread: what it is about, frozen; the first comment, the answers, and what can be done. */
export function ThreadCard({ review, thread }: Props) {
  const [first, ...answers] = thread.comments;
  const roles = (review.members.find(({ userId }) => userId === thread.openedBy.id)?.roles ?? []) as ProcessRole[];
  return (
    <article
      id={`thread-${thread.id}`}
      aria-label={`Thread by ${thread.openedBy.name} ${anchorText(thread.anchor)}`}
      className="flex scroll-mt-16 gap-3"
    >
      <Avatar name={thread.openedBy.name} className="mt-1 max-sm:hidden" />
      <div className="min-w-0 flex-1 overflow-clip rounded-lg border border-line bg-surface-raised">
        <div className="flex flex-col gap-2.5 px-3.5 py-3">
          <header className="flex flex-wrap items-start justify-between gap-x-3 gap-y-1">
            <p className="min-w-0 text-xs text-muted">
              <span className="text-sm font-semibold text-text">{thread.openedBy.name}</span>{" "}
              {roles.length > 0 && `${roleNames(roles)} · `}
              <RelativeTime at={thread.createdAt} /> · {anchorText(thread.anchor)}
            </p>
            <StatusBadge kind="thread" state={thread.resolved ? "resolved" : "unresolved"} />
          </header>
          {thread.quote && <QuoteBox quote={thread.quote} isOutdated={thread.isQuoteOutdated} />}
          {first && <CommentBody text={first.body} members={review.members} />}
        </div>
        {answers.map((answer) => (
          <div key={answer.id} className="flex gap-2.5 border-t border-line px-3.5 py-3">
            <Avatar name={answer.author} size="sm" className="mt-0.5" />
            <div className="min-w-0 flex-1">
              <p className="text-xs text-muted">
                <span className="text-sm font-semibold text-text">{answer.author}</span>{" "}
                <RelativeTime at={answer.createdAt} />
              </p>
              <CommentBody text={answer.body} members={review.members} />
            </div>
          </div>
        ))}
        {thread.resolved && (
          <p className="border-t border-line px-3.5 py-2 text-xs text-muted">
            Resolved by {thread.resolved.by}, <RelativeTime at={thread.resolved.at} />
            {thread.resolved.reason && `: ${thread.resolved.reason}`}
          </p>
        )}
        {review.state === "open" && <ThreadActs review={review} thread={thread} />}
      </div>
    </article>
  );
}

function useThreadCalls(onDone: () => void) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const onSettled = () => queryClient.invalidateQueries(trpc.reviews.pathFilter());
  return {
    reply: useMutation(trpc.reviews.reply.mutationOptions({ onSuccess: onDone, onSettled })),
    resolve: useMutation(trpc.reviews.resolveThread.mutationOptions({ onSuccess: onDone, onSettled })),
    reopen: useMutation(trpc.reviews.reopenThread.mutationOptions({ onSuccess: onDone, onSettled })),
  };
}

function ThreadActs({ review, thread }: Props) {
  const project = useProject();
  const me = useMe();
  const permission = usePermission("reviews.comment");
  const [isReplying, setIsReplying] = useState(false);
  const [isAsking, setIsAsking] = useState(false);
  const [body, setBody] = useState("");
  const calls = useThreadCalls(() => {
    setBody("");
    setIsReplying(false);
    setIsAsking(false);
  });
  const target = { projectId: project.id, threadId: thread.id };
  const isMine = thread.openedBy.id === me.userId;
  const facts = { openedBy: thread.openedBy.id, isResolved: thread.resolved !== null, reviewState: review.state };
  // Asked with a reason in hand: whether one is needed is asked for in the dialogue.
  const refusal = refusalToResolve(facts, { userId: me.userId, heldRoles: review.myRoles }, "reason");
  const problem = calls.reply.error ?? (isAsking ? null : calls.resolve.error) ?? calls.reopen.error;
  return (
    <div className="flex flex-col gap-2 border-t border-line px-3.5 py-2.5">
      {isReplying && (
        <form
          className="flex flex-col gap-2"
          onSubmit={(event) => {
            event.preventDefault();
            if (body.trim() !== "" && !calls.reply.isPending) calls.reply.mutate({ ...target, body });
          }}
        >
          <CommentField label="Your answer" rows={2} members={review.members} value={body} onChange={setBody} />
          <div className="flex flex-wrap justify-end gap-2">
            <Button size="sm" onClick={() => setIsReplying(false)}>
              Cancel
            </Button>
            <Button
              size="sm"
              type="submit"
              tone="primary"
              isPending={calls.reply.isPending}
              disabledReason={body.trim() === "" ? "Write your answer first." : null}
            >
              Send answer
            </Button>
          </div>
        </form>
      )}
      {problem && <CallProblem error={describeError(problem)} />}
      <div className="flex flex-wrap justify-end gap-2">
        {!isReplying && (
          <Button size="sm" tone="ghost" disabledReason={permission.reason} onClick={() => setIsReplying(true)}>
            Reply
          </Button>
        )}
        {thread.resolved ? (
          <Button
            size="sm"
            disabledReason={permission.reason}
            isPending={calls.reopen.isPending}
            onClick={() => calls.reopen.mutate(target)}
          >
            Reopen
          </Button>
        ) : (
          <Button
            size="sm"
            disabledReason={permission.reason ?? refusal?.sentence}
            isPending={calls.resolve.isPending}
            onClick={() => (isMine ? calls.resolve.mutate({ ...target, reason: "" }) : setIsAsking(true))}
          >
            Resolve
          </Button>
        )}
      </div>
      <ConfirmDialog
        isOpen={isAsking}
        onOpenChange={setIsAsking}
        title={`Resolve the thread of ${thread.openedBy.name}?`}
        act="Resolve with this reason"
        comment="required"
        commentLabel="Reason"
        isPending={calls.resolve.isPending}
        error={calls.resolve.error}
        onConfirm={(reason) => calls.resolve.mutate({ ...target, reason })}
      >
        Somebody else opened it. Your reason stays beside it.
      </ConfirmDialog>
    </div>
  );
}
