"use client";
import type { Route } from "next";
import Link from "next/link";
import { useProject } from "../providers/project";
import type { RouterOutputs } from "../providers/trpc";
import { routes } from "../shell/routes";

type Resolution = NonNullable<RouterOutputs["feedback"]["get"]["resolution"]>;

function hrefOf(slug: string, { kind, id, name, version }: Resolution): Route {
  switch (kind) {
    case "pipeline_run":
      return routes.pipelineRun(slug, version ?? 0);
    case "experiment_run":
      return routes.experimentRun(slug, id);
    case "dataset_version":
      return routes.dataset(slug, name);
    case "feature_view_version":
      return routes.featureView(slug, name);
    case "model_version":
      return routes.modelVersion(slug, name, version ?? 1);
  }
}

/** What closed an item, as a link to its page. */
export function ResolutionLink({ resolution }: { resolution: Resolution }) {
  const { slug } = useProject();
  return (
    <Link className="text-accent hover:underline" href={hrefOf(slug, resolution)}>
      {resolution.label}
    </Link>
  );
}
