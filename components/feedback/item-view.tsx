"use client";
import { useSuspenseQuery } from "@tanstack/react-query";
import { ARROWS } from "@/domain/feedback/arrows";
import { isItemOpen } from "@/domain/feedback/status";
import { roleNames } from "@/domain/identity/roles";
import { StatusBadge } from "../data/status-badge";
import { useProject } from "../providers/project";
import { type RouterOutputs, useTRPC } from "../providers/trpc";
import { PageFrame, TwoColumns } from "../shell/page-frame";
import { routes } from "../shell/routes";
import { Card } from "../ui/card";
import { KeyValue } from "../ui/key-value";
import { RelativeTime } from "../ui/time";
import { DueTime } from "./due-time";
import { ItemActions } from "./item-actions";
import { OriginCard } from "./origin-card";
import { ResolutionLink } from "./resolution-link";
import { RetrainingCard } from "./retraining-card";
import { TimelineCard } from "./timeline-card";

export type Item = RouterOutputs["feedback"]["get"];

/** One item: what it is about, what became of it, and beside it who sent and who answers it. */
export function ItemView({ number }: { number: number }) {
  const trpc = useTRPC();
  const project = useProject();
  const { data: item } = useSuspenseQuery(trpc.feedback.get.queryOptions({ projectId: project.id, number }));
  const arrow = ARROWS[item.kind];
  return (
    <PageFrame
      crumbs={[
        { label: project.name, href: routes.project(project.slug) },
        { label: "Feedback", href: routes.feedback(project.slug) },
      ]}
      name={`#${item.number}`}
      title={
        <>
          {item.title} <span className="figures font-normal text-muted">#{item.number}</span>
        </>
      }
      status={<StatusBadge kind="feedback" state={item.state} />}
      meta={
        <>
          {item.kind} {arrow.title.toLowerCase()} from {item.createdByName ?? arrow.from.toLowerCase()} to the{" "}
          {roleNames(item.receivers, "or")} · opened <RelativeTime at={item.createdAt} />
        </>
      }
      actions={<ItemActions item={item} />}
    >
      <TwoColumns side={<SideCard item={item} />}>
        <OriginCard item={item} />
        {item.retraining && <RetrainingCard item={item} retraining={item.retraining} />}
        <TimelineCard item={item} />
      </TwoColumns>
    </PageFrame>
  );
}

function SideCard({ item }: { item: Item }) {
  const arrow = ARROWS[item.kind];
  const answered =
    item.answeredAt &&
    `${item.state === "declined" ? "Declined" : "Accepted"} by ${item.answeredByName ?? "somebody who left"}`;
  return (
    <Card title="Answer" isFlush>
      <KeyValue
        pairs={[
          { key: "From", value: item.createdByName ?? arrow.from },
          { key: "For", value: roleNames(item.receivers, "or") },
          isItemOpen(item.state) ? { key: "Due", value: <DueTime item={item} /> } : null,
          item.answeredAt ? { key: "Answer", value: answered, aside: <RelativeTime at={item.answeredAt} /> } : null,
          item.declineReason ? { key: "Reason", value: item.declineReason } : null,
          item.state === "done"
            ? {
                key: "Done with",
                value: item.resolution ? <ResolutionLink resolution={item.resolution} /> : "something deleted since",
                aside: item.doneAt ? <RelativeTime at={item.doneAt} /> : undefined,
              }
            : null,
        ]}
      />
    </Card>
  );
}
