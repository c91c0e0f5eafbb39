"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  CheckCheck,
  CircleCheck,
  CirclePlay,
  Link2,
  type LucideIcon,
  MessageSquare,
  Minus,
  Pause,
  Send,
} from "lucide-react";
import { useState } from "react";
import type { EventKind } from "@/domain/feedback/status";
import { describeError } from "../providers/call-error";
import { usePermission, useProject } from "../providers/project";
import { useTRPC } from "../providers/trpc";
import { CommentBody } from "../reviews/comment-body";
import { CommentField } from "../reviews/comment-field";
import { TONE_TEXT, type Tone } from "../ui/badge";
import { Button } from "../ui/button";
import { Card, CardRow } from "../ui/card";
import { cn } from "../ui/cn";
import { CallProblem } from "../ui/error-panel";
import { RelativeTime } from "../ui/time";
import type { Item } from "./item-view";

type Look = { readonly icon: LucideIcon; readonly tone: Tone; readonly words: string };

const LOOKS: Readonly<Record<EventKind, Look>> = {
  opened: { icon: Send, tone: "idle", words: "opened it" },
  accepted: { icon: CircleCheck, tone: "pass", words: "accepted it" },
  declined: { icon: Minus, tone: "idle", words: "declined it" },
  done: { icon: CheckCheck, tone: "pass", words: "said that it is done" },
  commented: { icon: MessageSquare, tone: "idle", words: "commented" },
  retraining_started: { icon: CirclePlay, tone: "run", words: "started the retraining" },
  retraining_held_back: { icon: Pause, tone: "warn", words: "held the retraining back" },
  retraining_linked: { icon: Link2, tone: "idle", words: "pointed to the run" },
};

/** What happened to the item, oldest first, and the comment that comes next. */
export function TimelineCard({ item }: { item: Item }) {
  return (
    <Card title="Timeline" isFlush footer={<CommentForm item={item} />}>
      <ol>
        {item.events.map((event) => {
          const look = LOOKS[event.kind];
          const Icon = look.icon;
          return (
            <li key={event.id}>
              <CardRow>
                <Icon aria-hidden className={cn("mt-0.5 size-4 shrink-0", TONE_TEXT[look.tone])} />
                <div className="min-w-0 flex-1 text-sm">
                  <p>
                    <span className="font-semibold">{event.by ?? "Countersign"}</span>{" "}
                    <span className="text-muted">
                      {look.words} · <RelativeTime at={event.at} />
                    </span>
                  </p>
                  {event.text && <CommentBody text={event.text} members={item.members} />}
                </div>
              </CardRow>
            </li>
          );
        })}
      </ol>
    </Card>
  );
}

function CommentForm({ item }: { item: Item }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const project = useProject();
  const permission = usePermission("feedback.create");
  const [text, setText] = useState("");
  const comment = useMutation(
    trpc.feedback.comment.mutationOptions({
      onSuccess: async () => {
        setText("");
        await queryClient.invalidateQueries(trpc.feedback.pathFilter());
      },
    }),
  );
  const empty = text.trim() === "" ? "Write something first." : null;
  return (
    <form
      className="flex w-full flex-col gap-2 py-1.5"
      onSubmit={(event) => {
        event.preventDefault();
        if (!comment.isPending && !empty && permission.allowed)
          comment.mutate({ projectId: project.id, itemId: item.id, text });
      }}
    >
      <CommentField label="Comment" members={item.members} value={text} rows={2} onChange={setText} />
      {comment.error && <CallProblem error={describeError(comment.error)} />}
      <div className="flex justify-end">
        <Button type="submit" disabledReason={permission.reason ?? empty} isPending={comment.isPending}>
          Comment
        </Button>
      </div>
    </form>
  );
}
