"use client";
import { useSuspenseQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useQueryStates } from "nuqs";
import { StatusBadge } from "../data/status-badge";
import { RunCause } from "../feedback/run-cause";
import { LineageLink } from "../lineage/lineage-link";
import { SplitCard } from "../lineage/split-card";
import { useProject } from "../providers/project";
import { useTRPC } from "../providers/trpc";
import { PageFrame } from "../shell/page-frame";
import { routes } from "../shell/routes";
import { cn } from "../ui/cn";
import { CopyId } from "../ui/copy-id";
import { SummaryStrip } from "../ui/key-value";
import { AbsoluteTime, Duration, RelativeTime } from "../ui/time";
import { runPlace } from "./filters";
import { RunActions } from "./run-actions";
import { RunTimeline } from "./run-timeline";
import { codeOf, type Run, startedByOf, stepToShow } from "./run-words";
import { StepPanel } from "./step-panel";
import { COLUMNS_BESIDE_LOG, StepsCard } from "./steps-card";
import { shapeOf } from "./steps-shape";

/** One run: its steps as a graph, the chosen step with log, inputs, outputs and attempts, and the times of all. */
export function RunView({ number }: { number: number }) {
  const trpc = useTRPC();
  const project = useProject();
  const [place, setPlace] = useQueryStates(runPlace);
  const { data: run } = useSuspenseQuery(trpc.pipelines.run.queryOptions({ projectId: project.id, number }));
  const step = run.steps.find((each) => each.key === place.step) ?? stepToShow(run.steps);
  const isLong = shapeOf(run.steps).columns > COLUMNS_BESIDE_LOG;
  const select = (key: string) => void setPlace({ step: key, attempt: null });
  return (
    <PageFrame
      width="full"
      crumbs={[
        { label: project.name, href: routes.project(project.slug) },
        { label: "Pipelines", href: routes.pipelines(project.slug) },
        { label: run.pipeline, href: routes.pipeline(project.slug, run.pipeline) },
      ]}
      name={`#${run.number}`}
      title={
        <>
          {run.pipeline} <span className="figures font-normal text-muted">#{run.number}</span>
        </>
      }
      status={<StatusBadge kind="run" state={run.state} />}
      meta={
        run.state === "cancelling"
          ? `${run.cancelRequestedBy ?? "Somebody"} asked it to stop; its processes are being ended.`
          : run.reason
      }
      actions={
        <>
          <LineageLink kind="pipeline_run" reference={run.id} />
          <RunActions run={run} />
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <RunSummary run={run} />
        <RunCause runId={run.id} />
        <div className={cn("grid items-stretch gap-4", !isLong && "lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]")}>
          <StepsCard
            run={run}
            selected={step?.key ?? null}
            onSelect={select}
            view={place.view}
            onView={(view) => void setPlace({ view })}
          />
          {step && (
            <StepPanel
              run={run}
              step={step}
              tab={place.tab}
              attempt={place.attempt}
              onTab={(tab) => void setPlace({ tab })}
              onAttempt={(attempt) => void setPlace({ attempt, tab: "log" })}
            />
          )}
        </div>
        <RunTimeline run={run} selected={step?.key ?? null} onSelect={select} />
        <SplitCard runId={run.id} />
      </div>
    </PageFrame>
  );
}

function RunSummary({ run }: { run: Run }) {
  const project = useProject();
  const parameters = run.parameterSpecs.map((spec) => `${spec.name} ${run.parameters[spec.name] ?? ""}`);
  const datasets = Object.values(run.datasets);
  return (
    <SummaryStrip
      pairs={[
        { key: "Started by", value: startedByOf(run) },
        run.rerunOf === null
          ? null
          : {
              key: "Again",
              value: (
                <Link className="text-accent hover:underline" href={routes.pipelineRun(project.slug, run.rerunOf)}>
                  run #{run.rerunOf}
                </Link>
              ),
            },
        {
          key: "Started",
          value: (
            <>
              <AbsoluteTime at={run.createdAt} />, <RelativeTime at={run.createdAt} />
            </>
          ),
        },
        {
          key: "Queue, run",
          value: (
            <>
              <Duration from={run.createdAt} to={run.startedAt ?? run.finishedAt} />,{" "}
              <Duration from={run.startedAt} to={run.finishedAt} />
            </>
          ),
        },
        {
          key: "Code",
          value: (
            <CopyId
              value={run.commit ?? run.bundleDigest}
              what={run.commit ? "commit" : "digest of the bundle"}
              text={run.commit ? codeOf(run) : `bundle ${run.bundleDigest.slice(0, 8)}`}
            />
          ),
        },
        {
          key: "Definition",
          value: (
            <Link className="text-accent hover:underline" href={routes.pipeline(project.slug, run.pipeline)}>
              v{run.version} {run.kind}
            </Link>
          ),
        },
        datasets.length === 0
          ? null
          : {
              key: "Data",
              value: datasets.map((pin, index) => (
                <span key={pin.datasetVersionId}>
                  {index > 0 && ", "}
                  <Link className="text-accent hover:underline" href={routes.dataset(project.slug, pin.dataset)}>
                    {pin.dataset} v{pin.version}
                  </Link>
                </span>
              )),
            },
        parameters.length === 0 ? null : { key: "Parameters", value: parameters.join(", ") },
        { key: "Executor", value: "local process" },
      ]}
    />
  );
}
