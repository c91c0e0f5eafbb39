"use client";
import { StatusBadge } from "../data/status-badge";
import { Card } from "../ui/card";
import { PanelBoundary } from "../ui/error-panel";
import { Tabs } from "../ui/tabs";
import { ArtifactList } from "./artifact-list";
import type { STEP_TABS } from "./filters";
import type { Attempt, Run, Step } from "./run-words";
import { StepAttempts } from "./step-attempts";
import { StepLog } from "./step-log";

type Tab = (typeof STEP_TABS)[number];
type Props = {
  run: Run;
  step: Step;
  tab: Tab;
  attempt: number | null;
  onTab: (tab: Tab) => void;
  onAttempt: (attempt: number) => void;
};

/** One step of the run: the log, inputs and outputs of one attempt, and all attempts. */
export function StepPanel({ run, step, tab, attempt: wanted, onTab, onAttempt }: Props) {
  const attempt = step.attempts.find((each) => each.number === wanted) ?? step.attempts.at(-1) ?? null;
  return (
    <Card title={step.key} isFlush className="flex flex-col" aside={<StepState step={step} attempt={attempt} />}>
      <PanelBoundary key={attempt?.id ?? step.key}>
        <Tabs
          label={`Parts of ${step.key}`}
          value={tab}
          onChange={onTab}
          tabs={[
            { key: "log", label: "Log", content: <StepLog step={step} attempt={attempt} /> },
            {
              key: "inputs",
              label: "Inputs",
              count: step.inputSpecs.length,
              content: <ArtifactList side="inputs" run={run} step={step} attempt={attempt} />,
            },
            {
              key: "outputs",
              label: "Outputs",
              count: step.outputSpecs.length,
              content: <ArtifactList side="outputs" run={run} step={step} attempt={attempt} />,
            },
            {
              key: "attempts",
              label: "Attempts",
              count: step.attempts.length,
              content: <StepAttempts step={step} selected={attempt?.number ?? null} onSelect={onAttempt} />,
            },
          ]}
        />
      </PanelBoundary>
    </Card>
  );
}

function StepState({ step, attempt }: { step: Step; attempt: Attempt | null }) {
  const before = step.attempts.filter((each) => attempt !== null && each.number < attempt.number).at(-1);
  if (!attempt) return <StatusBadge kind="step" state={step.state} />;
  return (
    <>
      {step.attempts.length > 1 ? (
        <StatusBadge kind="attempt" state={attempt.state} word={`Attempt ${attempt.number}`} />
      ) : (
        <StatusBadge kind="step" state={step.state} />
      )}
      {before && (
        <span className="min-w-0">
          attempt {before.number}:{" "}
          {before.exitCode !== null && before.state === "failed"
            ? `exit ${before.exitCode}`
            : (before.reason ?? before.state)}
        </span>
      )}
    </>
  );
}
