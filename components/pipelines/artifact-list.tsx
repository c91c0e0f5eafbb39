"use client";
import { useQuery } from "@tanstack/react-query";
import { Download, Eye } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import type { ArtifactRef } from "@/domain/pipelines/types";
import { countOf, formatBytes } from "../data/format";
import { useProject } from "../providers/project";
import { useTRPC } from "../providers/trpc";
import { routes } from "../shell/routes";
import { Tag } from "../ui/badge";
import { Button, buttonVariants } from "../ui/button";
import { CopyId } from "../ui/copy-id";
import { EmptyState } from "../ui/empty-state";
import { ErrorPanel } from "../ui/error-panel";
import { TextSkeleton } from "../ui/skeleton";
import { ArtifactPreview } from "./artifact-preview";
import type { Attempt, Run, Step } from "./run-words";

type Side = "inputs" | "outputs";
type Props = { side: Side; run: Run; step: Step; attempt: Attempt | null };

/** Inputs or outputs of an attempt: what each is, where it comes from, and a look at it. */
export function ArtifactList({ side, run, step, attempt }: Props) {
  const specs = side === "inputs" ? step.inputSpecs : step.outputSpecs;
  const refs: Readonly<Record<string, ArtifactRef>> = attempt?.[side] ?? {};
  const project = useProject();
  return (
    <>
      {specs.length === 0 && (
        <EmptyState title={`No ${side}`} hint={`The definition declares no ${side} for ${step.key}.`} />
      )}
      <ul>
        {specs.map((spec) => (
          <li key={spec.name} className="border-b border-line px-3.5 py-2.5 text-sm last:border-b-0">
            <Artifact
              side={side}
              name={spec.name}
              artifact={refs[spec.name] ?? null}
              attemptId={attempt?.id ?? null}
              from={"from" in spec ? <Origin run={run} spec={spec} /> : null}
            />
          </li>
        ))}
      </ul>
      {side === "outputs" && attempt?.experimentRunId && (
        <p className="border-t border-line px-3.5 py-2.5 text-sm">
          <Link
            className="text-accent hover:underline"
            href={routes.experimentRun(project.slug, attempt.experimentRunId)}
          >
            Experiment run of this attempt
          </Link>{" "}
          <span className="text-muted">has its parameters, metrics and artifacts.</span>
        </p>
      )}
    </>
  );
}

function Origin({ run, spec }: { run: Run; spec: Step["inputSpecs"][number] }) {
  if (spec.from === "step")
    return (
      <>
        from {spec.step}.{spec.output}
      </>
    );
  const pin = run.datasets[`${spec.dataset}@${spec.version}`];
  return (
    <>
      dataset {spec.dataset} {pin ? `v${pin.version}` : spec.version}
    </>
  );
}

type ArtifactProps = {
  side: Side;
  name: string;
  artifact: ArtifactRef | null;
  attemptId: string | null;
  from: React.ReactNode;
};

function Artifact({ side, name, artifact, attemptId, from }: ArtifactProps) {
  const project = useProject();
  const [isOpen, setIsOpen] = useState(false);
  if (!artifact || !attemptId) {
    return (
      <p className="flex flex-wrap gap-x-3">
        <span className="font-semibold">{name}</span>
        <span className="text-muted">{from} not there yet</span>
      </p>
    );
  }
  const canShow = artifact.type !== "file";
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="font-semibold">{name}</span>
        <Tag>{artifact.type}</Tag>
        <span className="figures text-xs text-muted">
          {artifact.rows === null ? "" : `${countOf(artifact.rows, "row")}, `}
          {formatBytes(artifact.bytes)}
        </span>
        {from && <span className="text-xs text-muted">{from}</span>}
        <span className="ml-auto flex items-center gap-1">
          <CopyId value={artifact.sha256} what={`digest of ${name}`} />
          {canShow && (
            <Button
              tone="ghost"
              size="icon-sm"
              label={`${isOpen ? "Hide" : "Look at"} ${name}`}
              aria-expanded={isOpen}
              onClick={() => setIsOpen(!isOpen)}
            >
              <Eye aria-hidden />
            </Button>
          )}
          <a
            className={buttonVariants({ tone: "ghost", size: "icon-sm" })}
            aria-label={`Download ${name}`}
            href={`/api/v1/projects/${project.id}/step-attempts/${attemptId}/${side}/${name}`}
            download
          >
            <Download aria-hidden />
          </a>
        </span>
      </div>
      {isOpen && <Preview side={side} name={name} attemptId={attemptId} />}
    </>
  );
}

function Preview({ side, name, attemptId }: { side: Side; name: string; attemptId: string }) {
  const trpc = useTRPC();
  const project = useProject();
  const preview = useQuery(
    trpc.pipelines.artifact.queryOptions(
      { projectId: project.id, attemptId, side, name },
      { staleTime: Number.POSITIVE_INFINITY },
    ),
  );
  if (preview.error) return <ErrorPanel error={preview.error} onRetry={() => void preview.refetch()} />;
  if (!preview.data) return <TextSkeleton lines={4} className="mt-2" />;
  return <ArtifactPreview name={name} preview={preview.data} />;
}
