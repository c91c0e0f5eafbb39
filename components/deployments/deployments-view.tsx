"use client";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useProject } from "../providers/project";
import { type RouterOutputs, useTRPC } from "../providers/trpc";
import { routes } from "../shell/routes";
import { ButtonLink } from "../ui/button";
import { EmptyState } from "../ui/empty-state";
import { PlaceCard } from "./place-card";

export type Place = RouterOutputs["deployments"]["list"][number];

/** Each environment and model: what serves, whether it gets traffic, and what served before. */
export function DeploymentsView() {
  const trpc = useTRPC();
  const project = useProject();
  const { data: places } = useSuspenseQuery(trpc.deployments.list.queryOptions({ projectId: project.id }));
  if (places.length === 0) {
    return (
      <EmptyState
        title="Nothing is deployed yet"
        hint="A version is deployed by itself after the last signature of its promotion."
        action={<ButtonLink href={routes.promotions(project.slug)}>To the promotions</ButtonLink>}
      />
    );
  }
  return (
    <div className="flex flex-col gap-4">
      {places.map((place) => (
        <PlaceCard key={`${place.environment}:${place.modelId}`} place={place} />
      ))}
    </div>
  );
}
