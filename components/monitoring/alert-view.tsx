"use client";
import { useSuspenseQuery } from "@tanstack/react-query";
import { CheckCheck, CircleAlert, Eye, type LucideIcon, Repeat, Siren } from "lucide-react";
import Link from "next/link";
import type { AlertEventKind } from "@/domain/monitoring/status";
import { windowName } from "@/domain/monitoring/windows";
import { isLowerBetter, metricText, metricTitle } from "@/domain/promotions/metrics";
import { formatShare } from "../data/format";
import { Position } from "../data/position";
import { StatusBadge } from "../data/status-badge";
import { AlertOutcome } from "../feedback/alert-outcome";
import { useProject } from "../providers/project";
import { type RouterOutputs, useTRPC } from "../providers/trpc";
import { PageFrame, TwoColumns } from "../shell/page-frame";
import { routes } from "../shell/routes";
import { TONE_TEXT, type Tone } from "../ui/badge";
import { Card, CardRow } from "../ui/card";
import { cn } from "../ui/cn";
import { KeyValue } from "../ui/key-value";
import { RelativeTime } from "../ui/time";
import { AcknowledgeButton } from "./acknowledge-button";
import { alertSentence, floorWord } from "./words";

export type Alert = RouterOutputs["monitoring"]["alert"];

const LOOKS: Readonly<Record<AlertEventKind, { icon: LucideIcon; tone: Tone; words: string }>> = {
  pending: { icon: CircleAlert, tone: "warn", words: "saw the cause" },
  firing: { icon: Siren, tone: "fail", words: "fired" },
  still_firing: { icon: Repeat, tone: "fail", words: "saw it again" },
  acknowledged: { icon: Eye, tone: "idle", words: "acknowledged it" },
  resolved: { icon: CheckCheck, tone: "pass", words: "resolved it by data" },
};

/** One alert: what was measured, against which limit, and what happened since. */
export function AlertView({ number }: { number: number }) {
  const trpc = useTRPC();
  const project = useProject();
  const { data: alert } = useSuspenseQuery(trpc.monitoring.alert.queryOptions({ projectId: project.id, number }));
  return (
    <PageFrame
      crumbs={[
        { label: project.name, href: routes.project(project.slug) },
        { label: "Monitors", href: routes.monitors(project.slug) },
        { label: alert.model, href: routes.monitor(project.slug, alert.monitorNumber) },
      ]}
      name={`Alert #${alert.number}`}
      title={
        <>
          {alertSentence(alert)} <span className="figures font-normal text-muted">#{alert.number}</span>
        </>
      }
      status={<StatusBadge kind="alert" state={alert.state} />}
      meta={
        <>
          {alert.model} v{alert.version} in {alert.environment} · opened <RelativeTime at={alert.createdAt} /> · owner{" "}
          {alert.owner}
        </>
      }
      actions={alert.state === "resolved" ? undefined : <AcknowledgeButton alert={alert} />}
    >
      <TwoColumns
        side={
          <>
            <Facts alert={alert} />
            <AlertOutcome alertId={alert.id} />
          </>
        }
      >
        <Timeline alert={alert} />
      </TwoColumns>
    </PageFrame>
  );
}

function Timeline({ alert }: { alert: Alert }) {
  return (
    <Card title="Timeline" isFlush>
      <ol>
        {alert.timeline.map((event) => {
          const look = LOOKS[event.kind];
          const Icon = look.icon;
          return (
            <li key={event.id}>
              <CardRow>
                <Icon aria-hidden className={cn("mt-0.5 size-4 shrink-0", TONE_TEXT[look.tone])} />
                <div className="min-w-0 flex-1 text-sm">
                  <p>
                    <span className="font-semibold">{event.actor ?? "Countersign"}</span>{" "}
                    <span className="text-muted">
                      {look.words} · <RelativeTime at={event.at} />
                    </span>
                  </p>
                  <p className="mt-0.5 text-pretty">{event.text}</p>
                </div>
              </CardRow>
            </li>
          );
        })}
      </ol>
    </Card>
  );
}

function Facts({ alert }: { alert: Alert }) {
  const project = useProject();
  return (
    <Card title="Measured" isFlush>
      <div className="border-b border-line px-3.5 py-3">
        <Position
          value={alert.value}
          limit={alert.limit}
          interval={alert.lower === null || alert.upper === null ? null : [alert.lower, alert.upper]}
          direction={isLowerBetter(alert.metric) ? "at_most" : "at_least"}
          tone={alert.state === "resolved" ? "idle" : "fail"}
          label={alertSentence(alert)}
        />
      </div>
      <KeyValue
        pairs={[
          { key: metricTitle(alert.metric), value: metricText(alert.value) },
          { key: floorWord(alert.metric) === "floor" ? "Floor" : "Limit", value: String(alert.limit) },
          alert.lower !== null && alert.upper !== null
            ? { key: "95 % band", value: `${metricText(alert.lower)} to ${metricText(alert.upper)}` }
            : null,
          { key: "Quarter", value: windowName(alert.windowStart) },
          { key: "Answers", value: `${alert.rows}, ${formatShare(alert.coverage)} labelled` },
          {
            key: "Monitor",
            value: (
              <Link className="text-accent hover:underline" href={routes.monitor(project.slug, alert.monitorNumber)}>
                {alert.model} in {alert.environment}
              </Link>
            ),
          },
          alert.acknowledgedAt
            ? {
                key: "Acknowledged",
                value: alert.acknowledgedBy ?? "somebody who left",
                aside: <RelativeTime at={alert.acknowledgedAt} />,
              }
            : null,
          alert.resolvedAt ? { key: "Resolved", value: <RelativeTime at={alert.resolvedAt} /> } : null,
        ]}
      />
    </Card>
  );
}
