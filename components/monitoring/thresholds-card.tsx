"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Limits } from "@/domain/monitoring/types";
import { ApprovalCard } from "../approvals/approval-card";
import { formatShare } from "../data/format";
import { StatusBadge } from "../data/status-badge";
import { describeError } from "../providers/call-error";
import { useMe } from "../providers/me";
import { usePermission, useProject } from "../providers/project";
import { useTRPC } from "../providers/trpc";
import { Button } from "../ui/button";
import { Card, CardRow } from "../ui/card";
import { Dialog } from "../ui/dialog";
import { CallProblem } from "../ui/error-panel";
import { RelativeTime } from "../ui/time";
import { LimitsForm } from "./limits-form";
import { floorWord, type Monitor, type Threshold } from "./words";

/** The limits in force, those that wait for signatures, and the ones before. */
export function ThresholdsCard({ monitor }: { monitor: Monitor }) {
  const proposed = monitor.thresholds.find(({ state }) => state === "proposed");
  const active = monitor.thresholds.find(({ state }) => state === "active");
  const others = monitor.thresholds.filter((threshold) => threshold !== proposed);
  return (
    <>
      <Card title="Thresholds" isFlush aside={<ProposeButton monitor={monitor} last={active ?? proposed} />}>
        {others.map((threshold) => (
          <ThresholdRow key={threshold.id} monitor={monitor} threshold={threshold} />
        ))}
        {!active && (
          <CardRow>
            <p className="text-sm text-pretty text-muted">
              No limits are signed yet. Until an ML engineer and a data scientist have signed, nothing is judged.
            </p>
          </CardRow>
        )}
        {proposed && <ThresholdRow monitor={monitor} threshold={proposed} />}
      </Card>
      {proposed && <Proposed monitor={monitor} threshold={proposed} />}
    </>
  );
}

function limitsInWords({ metric }: Monitor, limits: Limits): string {
  return [
    `${floorWord(metric)} ${limits.qualityFloor}`,
    `PSI ${limits.driftLimit}`,
    limits.missingLimit === null ? null : `missing ${formatShare(limits.missingLimit)}`,
    limits.latencyLimitMs === null ? null : `p95 ${limits.latencyLimitMs} ms`,
    limits.failureLimit === null ? null : `failed ${formatShare(limits.failureLimit)}`,
  ]
    .filter((text) => text !== null)
    .join(" · ");
}

function ThresholdRow({ monitor, threshold }: { monitor: Monitor; threshold: Threshold }) {
  const signed = threshold.approval.signatures.filter(({ decision }) => decision === "approved");
  return (
    <CardRow>
      <div className="min-w-0 flex-1 text-sm">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="font-semibold">v{threshold.version}</span>
          <StatusBadge kind="threshold" state={threshold.state} />
        </p>
        <p className="figures mt-0.5">{limitsInWords(monitor, threshold.limits)}</p>
        <p className="mt-0.5 text-xs text-pretty text-muted">
          Proposed by {threshold.proposer} <RelativeTime at={threshold.createdAt} />
          {signed.length > 0 && `, signed by ${signed.map(({ name }) => name).join(" and ")}`}
          {threshold.reason && `: ${threshold.reason}`}
        </p>
      </div>
    </CardRow>
  );
}

/** The signatures of proposed limits, with the acts of whoever may sign, and of who proposed them. */
function Proposed({ monitor, threshold }: { monitor: Monitor; threshold: Threshold }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const project = useProject();
  const me = useMe();
  const onSettled = () => queryClient.invalidateQueries(trpc.monitoring.pathFilter());
  const sign = useMutation(trpc.monitoring.decideThreshold.mutationOptions({ onSettled }));
  const giveBack = useMutation(trpc.monitoring.decideThreshold.mutationOptions({ onSettled }));
  const withdraw = useMutation(trpc.monitoring.withdrawThreshold.mutationOptions({ onSettled }));
  const about = { projectId: project.id, thresholdId: threshold.id };
  return (
    <>
      <ApprovalCard
        signed={{
          subject: "threshold",
          name: `thresholds of ${monitor.model} in ${monitor.environment} v${threshold.version}`,
          opens: "the next check",
          rules: threshold.approval.rules,
          signatures: threshold.approval.signatures,
          holders: monitor.signers,
          myRoles: monitor.myRoles,
        }}
        sign={{
          isPending: sign.isPending,
          error: sign.error,
          send: (statement, onSuccess) => sign.mutate({ ...about, ...statement, decision: "approved" }, { onSuccess }),
        }}
        giveBack={{
          isPending: giveBack.isPending,
          error: giveBack.error,
          send: (statement, onSuccess) =>
            giveBack.mutate({ ...about, ...statement, decision: "returned" }, { onSuccess }),
        }}
      />
      {threshold.proposedBy === me.userId && (
        <div className="flex flex-col gap-2">
          <Button isPending={withdraw.isPending} onClick={() => withdraw.mutate(about)}>
            Withdraw v{threshold.version}
          </Button>
          {withdraw.error && <CallProblem error={describeError(withdraw.error)} />}
        </div>
      )}
    </>
  );
}

function ProposeButton({ monitor, last }: { monitor: Monitor; last: Threshold | undefined }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const project = useProject();
  const [isOpen, setIsOpen] = useState(false);
  const permission = usePermission("monitoring.edit");
  const waits = monitor.thresholds.some(({ state }) => state === "proposed");
  const propose = useMutation(
    trpc.monitoring.proposeThreshold.mutationOptions({
      onSuccess: () => setIsOpen(false),
      onSettled: () => queryClient.invalidateQueries(trpc.monitoring.pathFilter()),
    }),
  );
  return (
    <>
      <Button
        size="sm"
        disabledReason={permission.reason ?? (waits ? "Other limits wait for signatures. Decide them first." : null)}
        onClick={() => setIsOpen(true)}
      >
        Propose others
      </Button>
      <Dialog
        isOpen={isOpen}
        onOpenChange={setIsOpen}
        title="Propose other limits"
        description="The present ones hold until an ML engineer and a data scientist have signed these."
        width="md"
      >
        <LimitsForm
          metric={monitor.metric}
          limits={last?.limits ?? null}
          isReasonNeeded
          act="Propose"
          isPending={propose.isPending}
          error={propose.error}
          onSubmit={(limits, reason) =>
            propose.mutate({ projectId: project.id, monitorId: monitor.id, limits, reason })
          }
        />
      </Dialog>
    </>
  );
}
