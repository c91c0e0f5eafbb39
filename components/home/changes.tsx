"use client";
import { useSuspenseQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTRPC } from "../providers/trpc";
import { Card } from "../ui/card";
import { EmptyState } from "../ui/empty-state";
import { RelativeTime } from "../ui/time";
import { hrefOf } from "./target-link";

/** What happened in the person's projects since they were here, as sentences. */
export function WhatChanged() {
  const trpc = useTRPC();
  const { data } = useSuspenseQuery(trpc.notifications.changed.queryOptions());
  return (
    <Card
      title="What changed since you were here"
      aside={data.total > 0 ? <span className="figures">{data.total.toLocaleString("en-GB")}</span> : undefined}
      footer={data.total > data.changes.length ? `The last ${data.changes.length} are shown.` : undefined}
      isFlush
    >
      {data.changes.length === 0 ? (
        <EmptyState
          title="Nothing new"
          hint="Runs, promotions, signatures and deployments of your projects show here."
          className="py-9"
        />
      ) : (
        <ol className="flex flex-col gap-2 px-3.5 py-3">
          {data.changes.map((change) => (
            <li key={change.id} className="grid grid-cols-[5.25rem_minmax(0,1fr)] gap-2 text-sm">
              <RelativeTime at={change.at} className="figures pt-px text-xs leading-5 text-muted" />
              <span className="min-w-0 break-words">
                {change.isMine ? "You" : change.actorName}{" "}
                {change.target && change.project ? (
                  <Link
                    href={hrefOf(change.project.slug, change.target)}
                    className="rounded-sm underline decoration-line-strong underline-offset-2 hover:text-accent hover:decoration-accent"
                  >
                    {change.summary}
                  </Link>
                ) : (
                  change.summary
                )}
              </span>
            </li>
          ))}
        </ol>
      )}
    </Card>
  );
}
