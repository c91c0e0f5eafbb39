"use client";
import Link from "next/link";
import type { ReactNode } from "react";
import { countOf, formatCount } from "../data/format";
import { useProject } from "../providers/project";
import { routes } from "../shell/routes";
import { Card, CardRow } from "../ui/card";
import { RelativeTime } from "../ui/time";
import type { ViewUses } from "./words";

/** What stands on a view, in lines with links; nothing where nothing does. */
export function UsesList({ uses }: { uses: ViewUses }) {
  const project = useProject();
  const { total, newest } = uses.trainingSets;
  return (
    <>
      {uses.pipelines.map(({ pipeline, kind, asks }) => (
        <Line key={pipeline} about={`${kind} pipeline, asks for ${asks === "latest" ? "the latest" : `v${asks}`}`}>
          <Link href={routes.pipeline(project.slug, pipeline)} className="hover:text-accent">
            {pipeline}
          </Link>
        </Line>
      ))}
      {newest[0] && (
        <Line
          about={
            <>
              {formatCount(total.rows)} rows in all, the last <RelativeTime at={newest[0].createdAt} /> by{" "}
              <Link
                href={routes.pipelineRun(project.slug, newest[0].runNumber)}
                className="underline hover:text-accent"
              >
                run #{newest[0].runNumber}
              </Link>
            </>
          }
        >
          {countOf(total.sets, "training set")}
        </Line>
      )}
      {uses.models.map((model) => (
        <Line
          key={model.id}
          about={`trained on v${model.viewVersion}${uses.deployments
            .filter((place) => place.model === model.model && place.version === model.version)
            .map((place) => `, in ${place.environment}`)
            .join("")}`}
        >
          <Link href={routes.modelVersion(project.slug, model.model, model.version)} className="hover:text-accent">
            {model.model} v{model.version}
          </Link>
        </Line>
      ))}
    </>
  );
}

function Line({ children, about }: { children: ReactNode; about: ReactNode }) {
  return (
    <CardRow>
      <div className="min-w-0 flex-1 text-sm">
        <p className="font-medium break-words">{children}</p>
        <p className="text-xs text-muted">{about}</p>
      </div>
    </CardRow>
  );
}

export function isUsed(uses: ViewUses): boolean {
  return uses.pipelines.length + uses.trainingSets.total.sets + uses.models.length > 0;
}

/** The side card of a view's page. */
export function UsesCard({ uses }: { uses: ViewUses }) {
  return (
    <Card title="Used by" isFlush>
      {isUsed(uses) ? (
        <UsesList uses={uses} />
      ) : (
        <CardRow>
          <p className="text-sm text-pretty text-muted">
            Nothing yet. A pipeline reads it with a step <code className="text-xs">uses: features</code>.
          </p>
        </CardRow>
      )}
    </Card>
  );
}
