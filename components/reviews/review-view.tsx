"use client";
import { useSuspenseQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useQueryStates } from "nuqs";
import type { ReactNode } from "react";
import { reviewName } from "@/domain/reviews/outcome";
import { StatusBadge } from "../data/status-badge";
import { LineageLink } from "../lineage/lineage-link";
import { useProject } from "../providers/project";
import { useTRPC } from "../providers/trpc";
import { PageFrame } from "../shell/page-frame";
import { routes } from "../shell/routes";
import { Card } from "../ui/card";
import { CopyId } from "../ui/copy-id";
import { TextSkeleton } from "../ui/skeleton";
import { Tabs } from "../ui/tabs";
import { RelativeTime } from "../ui/time";
import { CloseButton } from "./close-button";
import { CodeCard, changesText } from "./code-card";
import { Conversation } from "./conversation";
import { reviewTab } from "./filters";
import { DataCards } from "./makeup-cards";
import { MetricsCards } from "./metrics-card";
import { SideCards } from "./side-cards";
import { SlicesCard } from "./slices-card";
import { VerdictButton } from "./verdict-dialog";
import type { Review } from "./words";

/** Like a pull request: the conversation with its quotes, both sides beside each other, and the verdicts at the right. */
export function ReviewView({ number }: { number: number }) {
  const trpc = useTRPC();
  const project = useProject();
  const { data: review } = useSuspenseQuery(trpc.reviews.get.queryOptions({ projectId: project.id, number }));
  return (
    <PageFrame
      crumbs={[
        { label: project.name, href: routes.project(project.slug) },
        { label: "Reviews", href: routes.reviews(project.slug) },
      ]}
      name={reviewName(review.number)}
      title={
        <>
          {review.title} <span className="pl-1 font-normal text-muted">{reviewName(review.number)}</span>
        </>
      }
      status={<StatusBadge kind="review" state={review.standing} />}
      meta={<Meta review={review} />}
      actions={
        <>
          <LineageLink kind="review" reference={review.id} />
          <CloseButton review={review} />
          {review.state === "open" && <VerdictButton review={review} />}
        </>
      }
    >
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_19.75rem]">
        <Parts review={review} />
        <aside className="flex min-w-0 flex-col gap-4 lg:sticky lg:top-4">
          <SideCards review={review} />
        </aside>
      </div>
    </PageFrame>
  );
}

function Parts({ review }: { review: Review }) {
  const [{ tab }, setTab] = useQueryStates(reviewTab);
  const record = review.evidence?.record;
  const comments = review.threads.reduce((sum, thread) => sum + thread.comments.length, 0);
  const changes = record ? changesText(record) : "";
  const part = (content: ReactNode) => <div className="flex flex-col gap-4 pt-4">{content}</div>;
  const orWaiting = (content: (known: NonNullable<typeof record>) => ReactNode) =>
    part(record ? content(record) : <Waiting />);
  return (
    <Tabs
      label="Parts of the review"
      value={tab}
      onChange={(key) => void setTab({ tab: key })}
      tabs={[
        {
          key: "conversation",
          label: "Conversation",
          count: comments,
          content: part(
            <>
              {record ? <SlicesCard review={review} record={record} /> : <Waiting />}
              <Conversation review={review} />
            </>,
          ),
        },
        {
          key: "metrics",
          label: "Metrics",
          content: orWaiting((known) => <MetricsCards review={review} record={known} />),
        },
        {
          key: "data",
          label: "Data and features",
          content: orWaiting((known) => <DataCards review={review} record={known} />),
        },
        {
          key: "code",
          label: changes === "" ? "Code" : `Code ${changes}`,
          content: orWaiting((known) => <CodeCard record={known} />),
        },
      ]}
    />
  );
}

function Waiting() {
  return (
    <Card title="Evidence" aside="being computed">
      <p className="mb-3 text-sm text-muted">
        The platform measures both sides on the hold-out and freezes what it finds.
      </p>
      <TextSkeleton lines={3} />
    </Card>
  );
}

function Meta({ review }: { review: Review }) {
  const project = useProject();
  const [version] = review.versions;
  const isBehind = review.evidence !== null && !review.rules.isReady && review.state === "open";
  return (
    <p>
      {review.opener.name} asks for a review of{" "}
      {review.run && (
        <Link className="hover:text-accent" href={routes.experimentRun(project.slug, review.run.id)}>
          {review.run.name}
        </Link>
      )}
      {review.run && version && ", registered as "}
      {version && (
        <Link className="hover:text-accent" href={routes.modelVersion(project.slug, version.model, version.version)}>
          {version.model} v{version.version}
        </Link>
      )}
      {review.base ? (
        <>
          {" against "}
          <Link
            className="hover:text-accent"
            href={routes.modelVersion(project.slug, review.base.model, review.base.version)}
          >
            v{review.base.version}
          </Link>
          {" in production"}
        </>
      ) : (
        "; nothing serves in production to compare with"
      )}
      {review.evidence && (
        <>
          {" · evidence frozen "}
          <RelativeTime at={review.evidence.createdAt} />,{" "}
          <CopyId value={review.evidence.digest} what="evidence digest" />
        </>
      )}
      {isBehind && " · something changed, it is being computed again"}
    </p>
  );
}
