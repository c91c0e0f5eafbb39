"use client";
import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { Bell, Check, MessageSquareReply, Signature, UserPlus } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { ARROWS } from "@/domain/feedback/arrows";
import { ROLE_NAMES, roleNames } from "@/domain/identity/roles";
import { describeError } from "../providers/call-error";
import { type RouterOutputs, useTRPC } from "../providers/trpc";
import { routes } from "../shell/routes";
import { Arrow } from "../ui/arrow";
import { TONE_TEXT, type Tone } from "../ui/badge";
import { Button, ButtonLink } from "../ui/button";
import { Card, CardRow } from "../ui/card";
import { cn } from "../ui/cn";
import { EmptyState } from "../ui/empty-state";
import { CallProblem } from "../ui/error-panel";
import { RelativeTime } from "../ui/time";
import { hrefOf } from "./target-link";
import { waitingCount } from "./waiting-count";

type Waiting = RouterOutputs["notifications"]["waiting"];

/** Signatures, grants and notices that are for this person. */
export function WaitingForMe() {
  const trpc = useTRPC();
  const { data } = useSuspenseQuery(trpc.notifications.waiting.queryOptions());
  const count = waitingCount(data);
  return (
    <Card title="Waiting for me" aside={count > 0 ? <span className="figures">{count}</span> : undefined} isFlush>
      {count === 0 && (
        <EmptyState
          title="Nothing waits for you"
          hint="A promotion that asks for your signature shows here, and so does what is sent to you."
          className="py-9"
        />
      )}
      {data.signatures.map((item, index) => (
        <SignatureRow key={item.id} item={item} isNext={index === 0} />
      ))}
      {data.definitions.map((item) => (
        <DefinitionRow key={item.id} item={item} />
      ))}
      {data.feedback.map((item) => (
        <FeedbackRow key={item.id} item={item} />
      ))}
      {data.grants.map((grant) => (
        <Row key={grant.id} icon={UserPlus} tone="wait" action={<ButtonLink href={routes.admin()}>Decide</ButtonLink>}>
          <Title>
            Grant {ROLE_NAMES[grant.role]} to {grant.name}
          </Title>
          <Meta>
            {grant.project ?? "Whole organisation"} · asked <RelativeTime at={grant.createdAt} /> · needs a second
            administrator
          </Meta>
        </Row>
      ))}
      {data.notices.length > 0 && (
        <CardRow>
          <h3 className="text-sm font-semibold text-muted">Notices</h3>
        </CardRow>
      )}
      {data.notices.map((notice) => (
        <NoticeRow key={notice.id} notice={notice} />
      ))}
    </Card>
  );
}

function SignatureRow({ item, isNext }: { item: Waiting["signatures"][number]; isNext: boolean }) {
  const href = routes.promotion(item.project.slug, item.number);
  return (
    <Row
      icon={Signature}
      tone="wait"
      action={
        <ButtonLink
          href={href}
          tone={isNext ? "primary" : "secondary"}
          aria-label={`Review ${item.model} v${item.version} to ${item.environment}`}
        >
          Review
        </ButtonLink>
      }
    >
      <Title>
        <Link href={href} className="rounded-sm hover:text-accent">
          Sign {item.model} v{item.version} <Arrow /> {item.environment}
        </Link>
      </Title>
      <Meta>
        {item.project.name} · {item.project.risk} risk · as {ROLE_NAMES[item.asRole]} · closes{" "}
        <RelativeTime at={item.deadlineAt} />
        {item.others.length > 0 && <> · the {roleNames(item.others)} signs too</>}
      </Meta>
    </Row>
  );
}

function DefinitionRow({ item }: { item: Waiting["definitions"][number] }) {
  const href = routes.featureView(item.project.slug, item.view);
  const name = `${item.view} v${item.version}`;
  return (
    <Row
      icon={Signature}
      tone="wait"
      action={
        <ButtonLink href={href} aria-label={`Review ${name}`}>
          Review
        </ButtonLink>
      }
    >
      <Title>
        <Link href={href} className="rounded-sm hover:text-accent">
          Sign {name}
        </Link>
      </Title>
      <Meta>
        {item.project.name} · features by {item.author} · as {ROLE_NAMES[item.asRole]} · due{" "}
        <RelativeTime at={item.deadlineAt} />
      </Meta>
    </Row>
  );
}

function FeedbackRow({ item }: { item: Waiting["feedback"][number] }) {
  const href = routes.feedbackItem(item.project.slug, item.number);
  return (
    <Row
      icon={MessageSquareReply}
      tone="wait"
      action={
        <ButtonLink href={href} aria-label={`Answer ${item.title}`}>
          Answer
        </ButtonLink>
      }
    >
      <Title>
        <Link href={href} className="rounded-sm hover:text-accent">
          {item.title}
        </Link>
      </Title>
      <Meta>
        {item.project.name} · {ARROWS[item.kind].title.toLowerCase()} · due <RelativeTime at={item.dueAt} />
      </Meta>
    </Row>
  );
}

function NoticeRow({ notice }: { notice: Waiting["notices"][number] }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const mark = useMutation(
    trpc.notifications.markRead.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries(trpc.notifications.waiting.queryFilter()),
    }),
  );
  return (
    <Row
      icon={Bell}
      tone="idle"
      action={
        <Button
          tone="ghost"
          size="icon"
          label="Mark as read"
          isPending={mark.isPending}
          onClick={() => mark.mutate({ ids: [notice.id] })}
        >
          {!mark.isPending && <Check aria-hidden />}
        </Button>
      }
    >
      <Title>
        {notice.target ? (
          <Link href={hrefOf(notice.project.slug, notice.target)} className="rounded-sm hover:text-accent">
            {notice.title}
          </Link>
        ) : (
          notice.title
        )}
      </Title>
      <Meta>
        {notice.project.name} · <RelativeTime at={notice.createdAt} />
      </Meta>
      {mark.error && <CallProblem error={describeError(mark.error)} />}
    </Row>
  );
}

function Row({
  icon: Icon,
  tone,
  action,
  children,
}: {
  icon: typeof Bell;
  tone: Tone;
  action: ReactNode;
  children: ReactNode;
}) {
  return (
    <CardRow className="flex-wrap items-center sm:flex-nowrap">
      <Icon aria-hidden className={cn("size-4 shrink-0 self-start mt-1", TONE_TEXT[tone])} />
      <div className="min-w-0 flex-1 basis-48">{children}</div>
      <div className="ml-auto shrink-0">{action}</div>
    </CardRow>
  );
}

function Title({ children }: { children: ReactNode }) {
  return <p className="text-base font-medium break-words">{children}</p>;
}

function Meta({ children }: { children: ReactNode }) {
  return <p className="text-xs text-muted">{children}</p>;
}
