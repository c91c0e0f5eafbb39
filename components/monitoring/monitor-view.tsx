"use client";
import { useSuspenseQuery } from "@tanstack/react-query";
import { metricTitle } from "@/domain/promotions/metrics";
import { formatShare } from "../data/format";
import { StatusBadge } from "../data/status-badge";
import { useProject } from "../providers/project";
import { useTRPC } from "../providers/trpc";
import { PageFrame, TwoColumns } from "../shell/page-frame";
import { routes } from "../shell/routes";
import { Card } from "../ui/card";
import { KeyValue } from "../ui/key-value";
import { AbsoluteTime, RelativeTime } from "../ui/time";
import { AlertBanner } from "./alert-banner";
import { AlertRows } from "./alerts-table";
import { ChecksCard } from "./checks-card";
import { CourseCard } from "./course-card";
import { DriftCard } from "./drift-card";
import { MonitorActions } from "./monitor-actions";
import { ThresholdsCard } from "./thresholds-card";
import type { Monitor } from "./words";

/** One monitor: how the model does quarter by quarter, what alerts it gave, and by whose limits. */
export function MonitorView({ number }: { number: number }) {
  const trpc = useTRPC();
  const project = useProject();
  const { data: monitor } = useSuspenseQuery(trpc.monitoring.get.queryOptions({ projectId: project.id, number }));
  const firing = monitor.alerts.find((alert) => alert.state !== "resolved");
  const version = monitor.releases.at(-1)?.version;
  return (
    <PageFrame
      crumbs={[
        { label: project.name, href: routes.project(project.slug) },
        { label: "Monitors", href: routes.monitors(project.slug) },
      ]}
      name={monitor.model}
      title={
        <>
          {monitor.model} <span className="font-normal text-muted">{version ? `v${version} ` : ""}</span>
          <span className="font-normal text-muted">in {monitor.environment}</span>
        </>
      }
      status={
        firing ? (
          <StatusBadge kind="alert" state={firing.state} word="Alert firing" />
        ) : (
          <StatusBadge kind="monitor" state={monitor.state} />
        )
      }
      meta={monitor.lastOutcome ?? "No check has run yet."}
      actions={<MonitorActions monitor={monitor} />}
    >
      {firing && <AlertBanner alert={firing} />}
      <TwoColumns
        side={
          <>
            <ThresholdsCard monitor={monitor} />
            <DriftCard monitor={monitor} />
            <SettingsCard monitor={monitor} />
          </>
        }
      >
        <CourseCard monitor={monitor} />
        <ChecksCard monitor={monitor} />
        {monitor.alerts.length > 0 && (
          <Card title="Alerts" isFlush>
            <AlertRows rows={monitor.alerts} isBare />
          </Card>
        )}
      </TwoColumns>
    </PageFrame>
  );
}

function SettingsCard({ monitor }: { monitor: Monitor }) {
  const { open } = monitor;
  return (
    <Card title={`Monitor #${monitor.number}`} isFlush>
      <KeyValue
        pairs={[
          { key: "Judges", value: `${metricTitle(monitor.metric)} per closed quarter` },
          { key: "Owner", value: monitor.owner },
          { key: "Looks every", value: `${monitor.intervalSeconds} s` },
          { key: "Labels due", value: `${monitor.labelDelayDays} days after the quarter` },
          { key: "Needs labels for", value: formatShare(monitor.minimumCoverage, 0) },
          monitor.lastCheckedAt ? { key: "Last check", value: <RelativeTime at={monitor.lastCheckedAt} /> } : null,
          open ? { key: "As of", value: <AbsoluteTime at={open.asOf} /> } : null,
          open
            ? {
                key: "Open quarter",
                value: `${open.rows} answers, ${formatShare(open.rows === 0 ? 0 : open.labelled / open.rows, 0)} labelled`,
              }
            : null,
        ]}
      />
    </Card>
  );
}
