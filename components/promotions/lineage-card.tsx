"use client";
import { ChevronRight } from "lucide-react";
import type { Route } from "next";
import Link from "next/link";
import { Fragment } from "react";
import { formatCount, formatDuration } from "../data/format";
import { useProject } from "../providers/project";
import { routes } from "../shell/routes";
import { Card } from "../ui/card";
import { cn } from "../ui/cn";
import { ScrollRegion } from "../ui/scroll-region";
import type { Promotion } from "./promotion-words";

type Stop = {
  readonly key: string;
  readonly title: string;
  readonly meta: string;
  readonly href: Route;
  readonly isAhead?: boolean;
};

/** From the data to the environment, each stop a link. */
export function LineageCard({ promotion }: { promotion: Promotion }) {
  const { slug } = useProject();
  const stops = stopsOf(promotion, slug);
  return (
    <Card title="Lineage" isFlush>
      <ScrollRegion label="Lineage" className="px-3.5 py-3">
        <ol className="flex w-max min-w-full items-center">
          {stops.map((stop, index) => (
            <Fragment key={stop.key}>
              {index > 0 && (
                <li aria-hidden className="flex min-w-6 flex-1 items-center">
                  <span className="h-px flex-1 bg-line-strong" />
                  <ChevronRight className="-ml-1.5 size-3 text-faint" />
                </li>
              )}
              <li>
                <Link
                  href={stop.href}
                  className={cn(
                    "block rounded-md border border-line bg-surface px-2.5 py-1.5 text-sm hover:border-line-strong",
                    stop.isAhead && "border-dashed",
                  )}
                >
                  <span className="block font-semibold whitespace-nowrap">{stop.title}</span>
                  <span className="figures block text-xs whitespace-nowrap text-muted">{stop.meta}</span>
                </Link>
              </li>
            </Fragment>
          ))}
        </ol>
      </ScrollRegion>
    </Card>
  );
}

function stopsOf(promotion: Promotion, slug: string): readonly Stop[] {
  const { makeup, run, before, deployment } = promotion;
  const data = (makeup.candidate?.data ?? []).map(({ name, rows }) => {
    const [dataset = name, version = ""] = name.split(/ (?=v\d+$)/);
    return {
      key: name,
      title: dataset,
      meta: `${version} · ${formatCount(rows)} rows`,
      href: routes.dataset(slug, dataset),
    };
  });
  const took =
    run?.startedAt && run.finishedAt
      ? formatDuration(run.finishedAt.getTime() - run.startedAt.getTime())
      : "pipeline run";
  const arrived = deployment?.activatedAt ? "serves since" : null;
  return [
    ...data,
    ...(run
      ? [{ key: "run", title: `run #${run.number}`, meta: took, href: routes.pipelineRun(slug, run.number) }]
      : []),
    {
      key: "version",
      title: `${promotion.model} v${promotion.version}`,
      meta: "ONNX",
      href: routes.modelVersion(slug, promotion.model, promotion.version),
    },
    ...(before
      ? [
          {
            key: "before",
            title: before.environment,
            meta: `deployment #${before.number}`,
            href: routes.deployments(slug),
          },
        ]
      : []),
    {
      key: "target",
      title: promotion.environment,
      meta: arrived && deployment ? `deployment #${deployment.number}` : targetWord(promotion),
      href: routes.deployments(slug),
      isAhead: arrived === null,
    },
  ];
}

function targetWord({ state }: Promotion): string {
  if (state === "waiting") return "waits for people";
  if (state === "evaluating") return "waits for the evidence";
  return state === "deploying" ? "on its way" : "not reached";
}
