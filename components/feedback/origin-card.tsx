"use client";
import Link from "next/link";
import type { AlertFigures } from "@/domain/feedback/types";
import { windowName } from "@/domain/monitoring/windows";
import { isLowerBetter, metricText, metricTitle } from "@/domain/promotions/metrics";
import { LineChart } from "../charts/line-chart";
import { useProject } from "../providers/project";
import { routes } from "../shell/routes";
import { Card } from "../ui/card";
import { SummaryStrip } from "../ui/key-value";
import type { Item } from "./item-view";

/** What the item says, and what it is about: the figures of its alert as they were, a column, a run. */
export function OriginCard({ item }: { item: Item }) {
  const { origin } = item;
  return (
    <Card title={origin.kind === "alert" ? "Finding" : "Request"} aside={<OriginLink item={item} />}>
      {item.body ? (
        <p className="max-w-prose text-base whitespace-pre-wrap">{item.body}</p>
      ) : (
        <p className="text-sm text-muted">Nothing more was written.</p>
      )}
      {origin.kind === "alert" && <Figures figures={origin.figures} />}
      {origin.kind === "monitor_check" && (
        <ul className="mt-3 list-disc pl-5 text-sm text-muted">
          {origin.warnings.map((warning) => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function OriginLink({ item }: { item: Item }) {
  const { slug } = useProject();
  const { origin } = item;
  if (origin.kind === "free") return null;
  if (origin.kind === "alert")
    return (
      <Link className="text-accent hover:underline" href={routes.alert(slug, origin.alertNumber)}>
        alert #{origin.alertNumber}
      </Link>
    );
  if (origin.kind === "monitor_check")
    return (
      <Link className="text-accent hover:underline" href={routes.monitor(slug, origin.monitorNumber)}>
        monitor #{origin.monitorNumber}, {windowName(new Date(origin.windowStart))}
      </Link>
    );
  if (origin.kind === "experiment_run")
    return (
      <Link className="text-accent hover:underline" href={routes.experimentRun(slug, origin.runId)}>
        run {origin.name}
      </Link>
    );
  return (
    <Link className="text-accent hover:underline" href={routes.dataset(slug, origin.dataset)}>
      {origin.dataset} v{origin.version}
      {origin.column !== null && `, ${origin.column}`}
    </Link>
  );
}

function Figures({ figures }: { figures: AlertFigures }) {
  const title = metricTitle(figures.metric);
  const word = isLowerBetter(figures.metric) ? "ceiling" : "floor";
  // Quarters stand side by side: on the axis each is its place among them.
  const windows = figures.history.map((point) => windowName(new Date(point.windowStart)));
  return (
    <div className="mt-3 flex flex-col gap-3">
      <SummaryStrip
        pairs={[
          { key: title, value: <span className="font-semibold">{metricText(figures.value)}</span> },
          { key: word === "floor" ? "Floor" : "Ceiling", value: metricText(figures.limit) },
          { key: "Window", value: windowName(new Date(figures.windowStart)) },
          { key: "Version", value: figures.version },
          { key: "Environment", value: figures.environment },
        ]}
      />
      <LineChart
        label={`${title} of ${figures.version} by window`}
        series={[
          {
            name: title,
            points: figures.history.map((point, place) => ({
              x: place,
              y: point.value,
              ...(point.low !== null && point.high !== null && { low: point.low, high: point.high }),
            })),
          },
        ]}
        thresholds={[{ value: figures.limit, label: `${word} ${metricText(figures.limit)}` }]}
        xLabel="Window"
        height={180}
        formatX={(x) => windows[x] ?? ""}
        formatY={metricText}
      />
    </div>
  );
}
