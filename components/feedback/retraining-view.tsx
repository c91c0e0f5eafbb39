"use client";
import { useSuspenseQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useState } from "react";
import { BUDGET_DAYS } from "@/domain/feedback/retraining";
import { countOf } from "../data/format";
import { StatusIcon } from "../data/status-badge";
import { usePermission, useProject } from "../providers/project";
import { type RouterOutputs, useTRPC } from "../providers/trpc";
import { routes } from "../shell/routes";
import { Tag } from "../ui/badge";
import { Button } from "../ui/button";
import { Card, CardRow } from "../ui/card";
import { CopyId } from "../ui/copy-id";
import { Dialog } from "../ui/dialog";
import { EmptyState } from "../ui/empty-state";
import { KeyValue } from "../ui/key-value";
import { RelativeTime } from "../ui/time";
import { RetrainingForm } from "./retraining-form";

type Model = RouterOutputs["feedback"]["retraining"][number];
export type RetrainingPolicy = Model["policies"][number];

/** Each model with its retraining policy, what the policy decided, and the form of the next version. */
export function RetrainingView() {
  const trpc = useTRPC();
  const project = useProject();
  const { data: models } = useSuspenseQuery(trpc.feedback.retraining.queryOptions({ projectId: project.id }));
  if (models.length === 0) {
    return (
      <Card>
        <EmptyState
          title="No model yet"
          hint="A policy belongs to a registered model. A pipeline's register step makes the first one."
        />
      </Card>
    );
  }
  return (
    <div className="flex flex-col gap-4">
      {models.map((model) => (
        <div key={model.id} className="grid items-start gap-4 lg:grid-cols-2">
          <PolicyCard model={model} />
          <TriggersCard model={model} />
        </div>
      ))}
    </div>
  );
}

function PolicyCard({ model }: { model: Model }) {
  const permission = usePermission("monitoring.edit_retraining");
  const [isOpen, setOpen] = useState(false);
  const [current, ...earlier] = model.policies;
  return (
    <Card
      isFlush
      title={current ? `${model.name}, policy v${current.version}` : model.name}
      aside={
        <>
          {current && !current.rules.isOn && <Tag>off</Tag>}
          <Button size="sm" disabledReason={permission.reason} onClick={() => setOpen(true)}>
            {current ? "Change" : "Write the first policy"}
          </Button>
        </>
      }
    >
      {current ? (
        <KeyValue pairs={rulePairs(current)} />
      ) : (
        <EmptyState
          title="No policy yet"
          hint="A decline in quality is reported to the data scientist, and nothing retrains by itself."
        />
      )}
      {earlier.map((policy) => (
        <CardRow key={policy.id} className="flex-wrap text-xs text-muted">
          <span className="font-mono">v{policy.version}</span>
          <span className="min-w-0 flex-1">
            {policy.pipeline}, {modeText(policy)}, saved by {policy.savedBy}
          </span>
          <RelativeTime at={policy.createdAt} />
        </CardRow>
      ))}
      <Dialog
        isOpen={isOpen}
        onOpenChange={setOpen}
        width="md"
        title={`Retraining of ${model.name}`}
        description="Saving it as its owner is the signature. The earlier versions stay in the record."
      >
        <RetrainingForm modelId={model.id} last={current ?? null} onDone={() => setOpen(false)} />
      </Dialog>
    </Card>
  );
}

function modeText({ rules }: RetrainingPolicy): string {
  if (!rules.isOn) return "switched off";
  return rules.mode === "at_once" ? "at once" : "after the finding is accepted";
}

function rulePairs(policy: RetrainingPolicy) {
  const { rules } = policy;
  const names = [rules.firstDayParameter, rules.lastDayParameter].filter((name) => name !== null);
  return [
    { key: "Starts", value: policy.pipeline, aside: modeText(policy) },
    {
      key: "Learns from",
      value: `${countOf(rules.windowDays, "day")} before the judged window`,
      aside: names.length > 0 ? <code>{names.join(", ")}</code> : undefined,
    },
    rules.datasetVersionParameter
      ? { key: "Data", value: "The newest version", aside: <code>{rules.datasetVersionParameter}</code> }
      : null,
    { key: "Cool-down", value: countOf(rules.cooldownDays, "day") },
    { key: "Budget", value: `${countOf(rules.budgetRuns, "run")} within ${countOf(BUDGET_DAYS, "day")}` },
    {
      key: "Saved",
      value: (
        <>
          {policy.savedBy}, <RelativeTime at={policy.createdAt} />
        </>
      ),
      aside: <CopyId value={policy.digest} what="policy digest" />,
    },
  ];
}

function TriggersCard({ model }: { model: Model }) {
  const { slug } = useProject();
  return (
    <Card isFlush title="What it decided" aside={<span className="figures">{model.triggers.length}</span>}>
      {model.triggers.length === 0 && (
        <EmptyState title="Nothing to decide yet" hint="The first alert on the model's quality is decided here." />
      )}
      {model.triggers.map((trigger) => (
        <CardRow key={trigger.id} className="text-sm">
          <StatusIcon kind="retraining" state={trigger.decision} className="mt-0.5" />
          <div className="min-w-0 flex-1">
            <p>{trigger.reason}</p>
            <p className="flex flex-wrap gap-x-2 text-xs text-muted">
              <Link className="text-accent hover:underline" href={routes.feedbackItem(slug, trigger.item)}>
                feedback #{trigger.item}
              </Link>
              {trigger.run !== null && (
                <Link className="text-accent hover:underline" href={routes.pipelineRun(slug, trigger.run)}>
                  run #{trigger.run}
                </Link>
              )}
              <span>
                alert #{trigger.alert}, <RelativeTime at={trigger.createdAt} />
              </span>
            </p>
          </div>
        </CardRow>
      ))}
    </Card>
  );
}
