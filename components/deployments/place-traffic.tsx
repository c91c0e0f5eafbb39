"use client";
import { useQuery } from "@tanstack/react-query";
import { Sparkline } from "../data/sparkline";
import { useProject } from "../providers/project";
import { useTRPC } from "../providers/trpc";
import { Num } from "../ui/num";
import type { Place } from "./deployments-view";

const MINUTES = 60;

/** Answers of the last hour with their latency inside the gateway. */
export function PlaceTraffic({ place }: { place: Place }) {
  const trpc = useTRPC();
  const project = useProject();
  const { data, error } = useQuery(
    trpc.serving.traffic.queryOptions({
      projectId: project.id,
      modelId: place.modelId,
      environment: place.environment,
      minutes: MINUTES,
    }),
  );
  if (error) return <span className="text-muted">not known now</span>;
  if (!data) return <span className="text-faint">…</span>;
  if (data.rows === 0) return <span className="text-muted">no answers</span>;
  return (
    <span className="flex flex-wrap items-center gap-x-3">
      <span>
        <Num value={data.rows} /> answers, p95 <Num value={data.p95Ms} digits={1} unit="ms" />
      </span>
      {data.perMinute.length > 1 && (
        <Sparkline
          values={data.perMinute.map(({ rows }) => rows)}
          label={`Answers of ${place.model} in ${place.environment} by minute over the last hour`}
          colour="var(--series-1)"
        />
      )}
    </span>
  );
}
