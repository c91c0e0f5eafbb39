"use client";
import { CircleCheck, CircleX, RefreshCw } from "lucide-react";
import { type ReactNode, useState } from "react";
import { ROLE_NAMES } from "@/domain/identity/roles";
import { describeError } from "../providers/call-error";
import { useMe } from "../providers/me";
import { usePermission } from "../providers/project";
import { Avatar } from "../ui/avatar";
import { Button } from "../ui/button";
import { shortenId } from "../ui/copy-id";
import { CallProblem } from "../ui/error-panel";
import { RelativeTime } from "../ui/time";
import { CommentBody } from "./comment-body";
import { CommentField } from "./comment-field";
import { ThreadCard } from "./thread-card";
import { threadRefusal, useOpenThread } from "./thread-dialog";
import type { Review } from "./words";

type Moment = { readonly key: string; readonly at: Date; readonly node: ReactNode };

/** Threads, verdicts and changes of the evidence in the order in which they came; below, a new thread on the whole. */
export function Conversation({ review }: { review: Review }) {
  const moments = [...threadMoments(review), ...verdictMoments(review), ...evidenceMoments(review)].sort(
    (a, b) => a.at.getTime() - b.at.getTime(),
  );
  return (
    <section aria-label="Conversation" className="flex flex-col gap-4">
      {review.description && (
        <div className="rounded-lg border border-line bg-surface-raised px-3.5 py-3">
          <CommentBody text={review.description} members={review.members} />
        </div>
      )}
      {moments.map(({ key, node }) => (
        <div key={key}>{node}</div>
      ))}
      {review.closed && (
        <p className="pl-1 text-sm text-muted">
          {review.closed.by} {review.state === "withdrawn" ? "withdrew" : "closed"} this review,{" "}
          <RelativeTime at={review.closed.at} />: {review.closed.reason}
        </p>
      )}
      {review.state === "open" && <Composer review={review} />}
    </section>
  );
}

const threadMoments = (review: Review): Moment[] =>
  review.threads.map((thread) => ({
    key: thread.id,
    at: thread.createdAt,
    node: <ThreadCard review={review} thread={thread} />,
  }));

function Line({ icon, children }: { icon: ReactNode; children: ReactNode }) {
  return (
    <div className="flex items-start gap-3 pl-1 text-sm text-muted">
      <span className="mt-0.5 shrink-0 [&_svg]:size-4">{icon}</span>
      <p className="min-w-0 text-pretty break-words">{children}</p>
    </div>
  );
}

function VerdictIcon({ isApproved }: { isApproved: boolean }) {
  return isApproved ? <CircleCheck aria-hidden className="text-pass" /> : <CircleX aria-hidden className="text-fail" />;
}

const verdictMoments = (review: Review): Moment[] =>
  review.verdicts.map((verdict) => {
    const isApproved = verdict.decision === "approved";
    return {
      key: verdict.id,
      at: verdict.createdAt,
      node: (
        <Line icon={<VerdictIcon isApproved={isApproved} />}>
          <span className="font-semibold text-text">{verdict.name}</span>{" "}
          {isApproved ? "approved" : "asked for changes"} as {ROLE_NAMES[verdict.asRole]}
          {verdict.comment && `: ${verdict.comment}`} · <RelativeTime at={verdict.createdAt} />
          {verdict.isReplaced && " · replaced by a later verdict"}
          {!verdict.isReplaced && verdict.isOutdated && " · outdated, the evidence has changed since"}
        </Line>
      ),
    };
  });

const evidenceMoments = (review: Review): Moment[] =>
  review.evidenceHistory.map(({ digest, createdAt }, index, all) => {
    const before = all[index - 1];
    return {
      key: digest,
      at: createdAt,
      node: (
        <Line icon={<RefreshCw aria-hidden />}>
          {before ? "The evidence changed: " : "The evidence was frozen: "}
          {before && (
            <>
              <code className="text-xs">{shortenId(before.digest)}</code> <span aria-hidden>→</span>
              <span className="sr-only">to</span>{" "}
            </>
          )}
          <code className="text-xs">{shortenId(digest)}</code> · <RelativeTime at={createdAt} />
        </Line>
      ),
    };
  });

function Composer({ review }: { review: Review }) {
  const me = useMe();
  const permission = usePermission("reviews.comment");
  const [body, setBody] = useState("");
  const { open, send } = useOpenThread(review, () => setBody(""));
  const refusal = permission.reason ?? threadRefusal(review) ?? (body.trim() === "" ? "Write something first." : null);
  return (
    <form
      aria-label="New thread"
      className="flex gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (!refusal && !open.isPending) send({ kind: "whole", key: "" }, body);
      }}
    >
      <Avatar name={me.name} className="mt-6 max-sm:hidden" />
      <div className="flex min-w-0 flex-1 flex-col gap-2">
        <CommentField label="New thread on the whole" members={review.members} value={body} onChange={setBody} />
        {open.error && <CallProblem error={describeError(open.error)} />}
        <div className="flex flex-wrap items-center justify-end gap-x-3 gap-y-2">
          <span className="text-xs text-muted">To quote a value, use the comment button beside it.</span>
          <Button type="submit" disabledReason={refusal} isPending={open.isPending}>
            Open thread
          </Button>
        </div>
      </div>
    </form>
  );
}
