"use client";
import Link from "next/link";
import { StatusBadge } from "../data/status-badge";
import { useProject } from "../providers/project";
import { routes } from "../shell/routes";
import { Card } from "../ui/card";
import { CopyId } from "../ui/copy-id";
import { PanelBoundary } from "../ui/error-panel";
import { SummaryStrip } from "../ui/key-value";
import { RelativeTime } from "../ui/time";
import type { Place } from "./deployments-view";
import { HistoryTable } from "./history-table";
import { Origin } from "./origin";
import { PlaceTraffic } from "./place-traffic";
import { TrafficButton } from "./traffic-button";

/** One model in one environment. */
export function PlaceCard({ place }: { place: Place }) {
  const project = useProject();
  const { active, pending, traffic } = place;
  const state = !active ? "none" : traffic.isStopped ? "stopped" : "serving";
  return (
    <Card
      isFlush
      title={
        <>
          {place.model} <span className="font-normal text-muted">in {place.environment}</span>
        </>
      }
      aside={
        <>
          <StatusBadge kind="traffic" state={state} />
          {active && <TrafficButton place={place} />}
        </>
      }
    >
      {traffic.isStopped && (
        <p className="border-b border-line bg-fail-soft px-3.5 py-2 text-sm text-fail">
          {traffic.changedBy} stopped the traffic <RelativeTime at={traffic.changedAt} />: {traffic.reason}
        </p>
      )}
      <SummaryStrip
        className="rounded-none border-0 border-b"
        pairs={[
          {
            key: "Version",
            value: active ? (
              <span className="flex items-center gap-2">
                <Link
                  href={routes.modelVersion(project.slug, place.model, active.version)}
                  className="font-semibold hover:text-accent"
                >
                  v{active.version}
                </Link>
                {active.digest && <CopyId value={active.digest} what="model digest" />}
              </span>
            ) : (
              "none"
            ),
          },
          active?.activatedAt ? { key: "Since", value: <RelativeTime at={active.activatedAt} /> } : null,
          active ? { key: "Came by", value: <Origin line={active} /> } : null,
          active ? { key: "Gateways", value: <Gateways gateways={active.gateways} /> } : null,
          active ? { key: "Last hour", value: <PlaceTraffic place={place} /> } : null,
          active?.smoke ? { key: "Smoke test", value: `${active.smoke.rows} rows as measured` } : null,
          pending
            ? {
                key: "On its way",
                value: <StatusBadge kind="deployment" state="pending" word={`v${pending.version}, loading`} />,
              }
            : null,
        ]}
      />
      <PanelBoundary>
        <HistoryTable place={place} />
      </PanelBoundary>
    </Card>
  );
}

type Line = NonNullable<Place["active"]>;

function Gateways({ gateways }: { gateways: Line["gateways"] }) {
  if (gateways.length === 0) return <span className="text-fail">none is running</span>;
  const ready = gateways.filter(({ isReady }) => isReady).length;
  const late = gateways.find(({ isReady }) => !isReady);
  return (
    <span className={late ? "text-warn" : undefined}>
      {ready} of {gateways.length} ready{late?.detail ? `: ${late.detail}` : ""}
    </span>
  );
}
