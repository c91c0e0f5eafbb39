"use client";
import { ChevronRight } from "lucide-react";
import type { Route } from "next";
import Link from "next/link";
import type { ReactNode } from "react";
import { type AnyStatus, statusLook } from "../data/status";
import { StatusBadge, StatusIcon } from "../data/status-badge";
import { useProject } from "../providers/project";
import { routes } from "../shell/routes";
import { Card } from "../ui/card";
import type { Item } from "./item-view";
import { StartRetraining } from "./start-retraining";

type Retraining = NonNullable<Item["retraining"]>;

/** What the finding did under the policy, with the reason, and how far it has come on the way to production. */
export function RetrainingCard({ item, retraining }: { item: Item; retraining: Retraining }) {
  const parameters = Object.entries(retraining.parameters ?? {}).map(([name, value]) => `${name} ${value}`);
  return (
    <Card
      title="Retraining"
      aside={<StatusBadge kind="retraining" state={retraining.decision} />}
      isFlush
      footer={
        <span className="min-w-0 flex-1">
          <PolicyLink retraining={retraining} />
          {parameters.length > 0 && <> · {parameters.join(", ")}</>}
        </span>
      }
    >
      <div className="flex flex-wrap items-center gap-3 px-3.5 py-3 text-sm">
        <p className="min-w-0 flex-1 basis-60">
          {retraining.reason}
          {retraining.startedBy && <span className="text-muted"> By {retraining.startedBy}.</span>}
        </p>
        {!retraining.run && <StartRetraining triggerId={retraining.id} />}
      </div>
      <Chain item={item} retraining={retraining} />
    </Card>
  );
}

function PolicyLink({ retraining }: { retraining: Retraining }) {
  const { slug } = useProject();
  return (
    <Link className="text-accent underline underline-offset-2" href={routes.retraining(slug)}>
      {retraining.policyVersion === null
        ? `${retraining.model} has no policy`
        : `policy v${retraining.policyVersion} of ${retraining.model}`}
    </Link>
  );
}

type Stop = {
  readonly key: string;
  readonly title: string;
  readonly href: Route;
  readonly status: AnyStatus | null;
  readonly meta: string;
};

/** From the alert to what serves now: each stop a link to its own page. */
function Chain({ item, retraining }: { item: Item; retraining: Retraining }) {
  const { slug } = useProject();
  const stops = stopsOf(item, retraining, slug);
  return (
    <ol aria-label="From the alert to production" className="flex flex-wrap gap-y-2 border-t border-line px-3.5 py-3">
      {stops.map((stop, index) => (
        <li key={stop.key} className="flex items-center">
          <StopLink stop={stop}>{stop.meta}</StopLink>
          {index < stops.length - 1 && (
            <span aria-hidden className="flex w-6 items-center">
              <span className="h-px flex-1 bg-line-strong" />
              <ChevronRight className="-ml-1.5 size-3 text-faint" />
            </span>
          )}
        </li>
      ))}
    </ol>
  );
}

function StopLink({ stop, children }: { stop: Stop; children: ReactNode }) {
  return (
    <Link
      href={stop.href}
      className="block rounded-md border border-line bg-surface px-2.5 py-1.5 text-sm hover:border-line-strong"
    >
      <span className="block font-semibold whitespace-nowrap">{stop.title}</span>
      <span className="figures flex items-center gap-1.5 text-xs whitespace-nowrap text-muted">
        {stop.status && <StatusIcon {...stop.status} />}
        {children}
      </span>
    </Link>
  );
}

function stopsOf(item: Item, retraining: Retraining, slug: string): readonly Stop[] {
  const { alert } = item;
  const stops: Stop[] = [];
  if (alert)
    stops.push({
      key: "alert",
      title: `alert #${alert.number}`,
      href: routes.alert(slug, alert.number),
      status: null,
      meta: alert.state,
    });
  stops.push(
    stop(`feedback #${item.number}`, routes.feedbackItem(slug, item.number), { kind: "feedback", state: item.state }),
    stop("trigger", routes.retraining(slug), { kind: "retraining", state: retraining.decision }),
  );
  if (retraining.run)
    stops.push(
      stop(`run #${retraining.run.number}`, routes.pipelineRun(slug, retraining.run.number), {
        kind: "run",
        state: retraining.run.state,
      }),
    );
  return [...stops, ...retraining.versions.flatMap((version) => stopsOfVersion(version, slug))];
}

function stopsOfVersion(version: Retraining["versions"][number], slug: string): readonly Stop[] {
  const name = `${version.model} v${version.version}`;
  return [
    {
      key: name,
      title: name,
      href: routes.modelVersion(slug, version.model, version.version),
      status: null,
      meta: "registered",
    },
    ...version.promotions.flatMap((promotion) => {
      const deployed = version.deployments.find(({ environment }) => environment === promotion.environment);
      return [
        stop(`promotion #${promotion.number}`, routes.promotion(slug, promotion.number), {
          kind: "promotion",
          state: promotion.state,
        }),
        ...(deployed && promotion.state === "deployed"
          ? [stop(promotion.environment, routes.deployments(slug), { kind: "deployment", state: deployed.state })]
          : []),
      ];
    }),
  ];
}

function stop(title: string, href: Route, status: AnyStatus): Stop {
  return { key: title, title, href, status, meta: statusLook(status).word.toLowerCase() };
}
