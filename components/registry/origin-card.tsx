"use client";
import { Boxes, Database, FlaskConical, GitCommitHorizontal, type LucideIcon, Workflow } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { formatCount } from "../data/format";
import { useProject } from "../providers/project";
import { routes } from "../shell/routes";
import { Card } from "../ui/card";
import { CopyId } from "../ui/copy-id";
import type { Version } from "./version-view";

/** The way from the data to this version, in order; each station leads to its page. */
export function OriginCard({ version }: { version: Version }) {
  const project = useProject();
  const { pipeline, run, data, commit } = version;
  return (
    <Card title="Where it came from">
      <ol className="flex flex-col">
        {data.map((dataset) => (
          <Station key={dataset.id} icon={Database} kind="Dataset version" note={`${formatCount(dataset.rows)} rows`}>
            <Link className="hover:text-accent" href={routes.dataset(project.slug, dataset.dataset)}>
              {dataset.dataset} v{dataset.version}
            </Link>
          </Station>
        ))}
        {commit !== null && (
          <Station
            icon={GitCommitHorizontal}
            kind="Commit"
            note={pipeline?.isDirty ? "with changes that were not committed" : null}
          >
            <CopyId value={commit} what="commit" text={commit.slice(0, 12)} />
          </Station>
        )}
        {pipeline && (
          <Station
            icon={Workflow}
            kind="Pipeline run"
            note={pipeline.startedBy ? `started by ${pipeline.startedBy}` : `started by ${pipeline.trigger}`}
          >
            <Link className="hover:text-accent" href={routes.pipelineRun(project.slug, pipeline.number)}>
              {pipeline.name} #{pipeline.number}
            </Link>
          </Station>
        )}
        {run && (
          <Station
            icon={FlaskConical}
            kind="Experiment run"
            note={run.lifecycle === "deleted" ? "deleted" : run.experiment}
          >
            <Link className="hover:text-accent" href={routes.experimentRun(project.slug, run.id)}>
              {run.name}
            </Link>
          </Station>
        )}
        <Station icon={Boxes} kind="Model version" note={null} isLast>
          {version.model.name} v{version.version}
        </Station>
      </ol>
      {!run && <p className="mt-2 text-sm text-muted">No run is recorded. It was registered from {version.source}.</p>}
    </Card>
  );
}

function Station(props: {
  icon: LucideIcon;
  kind: string;
  note: string | null;
  isLast?: boolean;
  children: ReactNode;
}) {
  const { icon: Icon } = props;
  return (
    <li className="relative flex gap-3 pb-3 last:pb-0">
      {!props.isLast && <span aria-hidden className="absolute top-6 bottom-0 left-[0.6875rem] w-px bg-line-strong" />}
      <span className="grid size-[1.375rem] shrink-0 place-items-center rounded-full border border-line bg-surface">
        <Icon aria-hidden className="size-3 text-muted" />
      </span>
      <div className="min-w-0 text-sm">
        <p className="text-xs text-muted">
          {props.kind}
          {props.note && ` · ${props.note}`}
        </p>
        <div className="font-semibold break-words">{props.children}</div>
      </div>
    </li>
  );
}
