"use client";
import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { Ban } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { StatusBadge } from "../data/status-badge";
import { NewItemButton } from "../feedback/new-item-button";
import { LineageLink } from "../lineage/lineage-link";
import { usePermission, useProject } from "../providers/project";
import { type RouterOutputs, useTRPC } from "../providers/trpc";
import { OpenReviewButton } from "../reviews/open-review-button";
import { PageFrame, TwoColumns } from "../shell/page-frame";
import { routes } from "../shell/routes";
import { Badge } from "../ui/badge";
import { Button } from "../ui/button";
import { Card } from "../ui/card";
import { ConfirmDialog } from "../ui/confirm-dialog";
import { CopyId } from "../ui/copy-id";
import { KeyValue, SummaryStrip } from "../ui/key-value";
import { Duration, RelativeTime } from "../ui/time";
import { useToast } from "../ui/toast";
import { RunArtifacts } from "./run-artifacts";
import { RunMetrics } from "./run-metrics";

export type Run = RouterOutputs["experiments"]["run"];

/** One run: what went in, what was measured, and what came out. */
export function RunView({ runId }: { runId: string }) {
  const trpc = useTRPC();
  const project = useProject();
  const { data: run } = useSuspenseQuery(trpc.experiments.run.queryOptions({ projectId: project.id, runId }));
  return (
    <PageFrame
      crumbs={[
        { label: project.name, href: routes.project(project.slug) },
        { label: "Experiments", href: routes.experiments(project.slug) },
        { label: run.experiment.name, href: routes.experiment(project.slug, run.experiment.name) },
      ]}
      title={run.name}
      status={
        <>
          <StatusBadge kind="experimentRun" state={run.status} />
          {run.lifecycle === "deleted" && (
            <Badge tone="idle" icon={Ban}>
              Deleted
            </Badge>
          )}
        </>
      }
      actions={
        <>
          <LineageLink kind="experiment_run" reference={run.id} />
          <NewItemButton
            label="Report to data engineering"
            kinds={["F1"]}
            source={{ kind: "experiment_run", runId: run.id, name: run.name }}
          />
          {run.lifecycle === "active" && (
            <OpenReviewButton subject={{ kind: "experiment_run", experimentRunId: run.id }} name={run.name} />
          )}
          <Lifecycle run={run} />
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Summary run={run} />
        <TwoColumns side={<Inputs run={run} />}>
          <RunMetrics run={run} />
          <RunArtifacts run={run} />
        </TwoColumns>
      </div>
    </PageFrame>
  );
}

function Summary({ run }: { run: Run }) {
  const project = useProject();
  const commit = run.tags.find((tag) => tag.key === "mlflow.source.git.commit")?.value;
  const source = run.tags.find((tag) => tag.key === "mlflow.source.name")?.value;
  return (
    <SummaryStrip
      pairs={[
        { key: "Started", value: <RelativeTime at={new Date(run.startMs)} /> },
        {
          key: "Duration",
          value: <Duration from={new Date(run.startMs)} to={run.endMs === null ? null : new Date(run.endMs)} />,
        },
        { key: "Person", value: run.person ?? "nobody: a policy started it" },
        run.pipeline && {
          key: "Pipeline run",
          value: (
            <Link className="hover:text-accent" href={routes.pipelineRun(project.slug, run.pipeline.number)}>
              {run.pipeline.name} #{run.pipeline.number}
            </Link>
          ),
        },
        commit === undefined
          ? null
          : { key: "Commit", value: <CopyId value={commit} what="commit" text={commit.slice(0, 8)} /> },
        source === undefined
          ? null
          : { key: "Source", value: <span className="font-mono text-xs break-all">{source}</span> },
        run.versions.length === 0
          ? null
          : {
              key: "Registered as",
              value: run.versions.map((version, index) => (
                <span key={`${version.model} ${version.version}`}>
                  {index > 0 && ", "}
                  <Link
                    className="hover:text-accent"
                    href={routes.modelVersion(project.slug, version.model, version.version)}
                  >
                    {version.model} v{version.version}
                  </Link>
                </span>
              )),
            },
        { key: "Run id", value: <CopyId value={run.id.replaceAll("-", "")} what="run id" /> },
      ]}
    />
  );
}

function Inputs({ run }: { run: Run }) {
  const tags = run.tags.filter((tag) => !tag.key.startsWith("mlflow."));
  const note = run.tags.find((tag) => tag.key === "mlflow.note.content")?.value;
  return (
    <>
      {note && (
        <Card title="Note">
          <p className="text-sm whitespace-pre-wrap">{note}</p>
        </Card>
      )}
      <Card title="Parameters" aside={run.params.length > 0 ? run.params.length : undefined} isFlush>
        {run.params.length === 0 ? (
          <p className="px-3.5 py-3 text-sm text-muted">None were logged.</p>
        ) : (
          <KeyValue pairs={run.params.map(({ key, value }) => ({ key, value: <Value text={value} /> }))} />
        )}
      </Card>
      {run.inputs.length > 0 && (
        <Card title="Data that it read" isFlush>
          <KeyValue
            pairs={run.inputs.map((input) => ({
              key: input.context ?? "input",
              value: input.name,
              aside: <CopyId value={input.digest} what="digest" />,
            }))}
          />
        </Card>
      )}
      {run.models.length > 0 && (
        <Card title="Models" isFlush>
          <KeyValue
            pairs={run.models.map((model) => ({
              key: model.name,
              value: <StatusBadge kind="loggedModel" state={model.status} />,
              aside: <CopyId value={model.id} what="model id" />,
            }))}
          />
        </Card>
      )}
      {tags.length > 0 && (
        <Card title="Tags" isFlush>
          <KeyValue pairs={tags.map(({ key, value }) => ({ key, value: <Value text={value} /> }))} />
        </Card>
      )}
    </>
  );
}

/** Long values stay readable: the whole is there, in mono where it is one long word. */
function Value({ text }: { text: string }) {
  const isLong = text.length > 40 && !text.includes(" ");
  return <span className={isLong ? "font-mono text-xs break-all" : "figures break-words"}>{text || "(empty)"}</span>;
}

function Lifecycle({ run }: { run: Run }) {
  const trpc = useTRPC();
  const project = useProject();
  const queryClient = useQueryClient();
  const toast = useToast();
  const [isOpen, setIsOpen] = useState(false);
  const permission = usePermission("experiments.delete", { isOwn: run.isOwn });
  const done = (text: string) => async () => {
    setIsOpen(false);
    await queryClient.invalidateQueries(trpc.experiments.pathFilter());
    toast(text);
  };
  const remove = useMutation(trpc.experiments.deleteRun.mutationOptions({ onSuccess: done("Run deleted") }));
  const restore = useMutation(trpc.experiments.restoreRun.mutationOptions({ onSuccess: done("Run restored") }));
  const target = { projectId: project.id, runId: run.id };
  if (run.lifecycle === "deleted") {
    return (
      <Button disabledReason={permission.reason} isPending={restore.isPending} onClick={() => restore.mutate(target)}>
        Restore run
      </Button>
    );
  }
  return (
    <>
      <Button tone="danger" disabledReason={permission.reason ?? run.deleteRefusal} onClick={() => setIsOpen(true)}>
        Delete run
      </Button>
      <ConfirmDialog
        isOpen={isOpen}
        onOpenChange={setIsOpen}
        title={`Delete ${run.name}?`}
        act="Delete run"
        tone="danger"
        isPending={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate(target)}
      >
        It leaves the lists and can be restored. What was registered from it stays.
      </ConfirmDialog>
    </>
  );
}
