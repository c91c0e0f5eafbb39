"use client";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { roleNames } from "@/domain/identity/roles";
import { isLowerBetter, metricText, metricTitle } from "@/domain/promotions/metrics";
import { usePermission, useProject } from "../providers/project";
import { type RouterOutputs, useTRPC } from "../providers/trpc";
import { Button } from "../ui/button";
import { Card, CardRow } from "../ui/card";
import { CopyId } from "../ui/copy-id";
import { Dialog } from "../ui/dialog";
import { EmptyState } from "../ui/empty-state";
import { KeyValue } from "../ui/key-value";
import { RelativeTime } from "../ui/time";
import { PolicyForm } from "./policy-form";

type Environment = RouterOutputs["promotions"]["policies"][number];
type Version = Environment["versions"][number];

/** Each environment with its current policy, the earlier ones, and the form of the next. */
export function PoliciesView() {
  const trpc = useTRPC();
  const project = useProject();
  const { data: environments } = useSuspenseQuery(trpc.promotions.policies.queryOptions({ projectId: project.id }));
  return (
    <div className="grid items-start gap-4 lg:grid-cols-2">
      {environments.map((environment) => (
        <PolicyCard key={environment.environment} environment={environment} />
      ))}
    </div>
  );
}

function PolicyCard({ environment }: { environment: Environment }) {
  const permission = usePermission("promotions.edit_policy");
  const [isOpen, setOpen] = useState(false);
  const [current, ...earlier] = environment.versions;
  const name = environment.environment;
  return (
    <Card
      isFlush
      title={current ? `${name} v${current.version}` : name}
      aside={
        <Button size="sm" disabledReason={permission.reason} onClick={() => setOpen(true)}>
          {current ? "Publish a new version" : "Publish the first version"}
        </Button>
      }
    >
      {current ? (
        <KeyValue pairs={rulePairs(current, environment)} />
      ) : (
        <EmptyState
          title="No policy yet"
          hint={`Nothing can be proposed for ${name} until an ML engineer publishes one.`}
        />
      )}
      {earlier.map((version) => (
        <CardRow key={version.id} className="flex-wrap text-xs text-muted">
          <span className="font-mono">
            {name} v{version.version}
          </span>
          <span className="min-w-0 flex-1">
            {metricTitle(version.rules.metric)} {sign(version)} {metricText(version.rules.acceptanceThreshold)} on{" "}
            {version.holdout}, signed by {roleNames(version.requiredRoles)}
          </span>
          <RelativeTime at={version.createdAt} />
        </CardRow>
      ))}
      <Dialog
        isOpen={isOpen}
        onOpenChange={setOpen}
        width="md"
        title={`New policy for ${name}`}
        description="A published version is never edited. What is open is evaluated anew under it, and signatures given so far no longer count."
      >
        <PolicyForm environment={name} last={current ?? null} onDone={() => setOpen(false)} />
      </Dialog>
    </Card>
  );
}

const sign = ({ rules }: Version) => (isLowerBetter(rules.metric) ? "≤" : "≥");

function rulePairs(version: Version, { requires }: Environment) {
  const { rules, requiredRoles } = version;
  return [
    {
      key: "Metric",
      value: `${metricTitle(rules.metric)} ${sign(version)} ${metricText(rules.acceptanceThreshold)}`,
      aside: `ML problem definition v${rules.mlProblemVersion}`,
    },
    { key: "Measured on", value: version.holdout, aside: <code>{rules.target}</code> },
    { key: "Comparison", value: rules.isComparedWithCurrent ? "Better than the version that serves" : "None" },
    {
      key: "Validation",
      value: rules.isValidationRequired ? "Every check passed on the training data" : "Not asked for",
    },
    rules.reviewRoles?.length
      ? { key: "Review", value: `Approved by ${roleNames(rules.reviewRoles)}, every thread resolved` }
      : null,
    requires ? { key: "Order", value: `Serves in ${requires} first` } : null,
    { key: "Signed by", value: roleNames(requiredRoles) },
    {
      key: "Published",
      value: (
        <>
          {version.publishedBy}, <RelativeTime at={version.createdAt} />
        </>
      ),
      aside: <CopyId value={version.digest} what="policy digest" />,
    },
  ];
}
