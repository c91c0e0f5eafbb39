"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { rolesWith } from "@/domain/identity/policy";
import { PROCESS_ROLES, type ProcessRole, ROLE_NAMES, roleNames } from "@/domain/identity/roles";
import { metricText, metricTitle } from "@/domain/promotions/metrics";
import type { EnvironmentName } from "@/domain/promotions/status";
import { describeError } from "../providers/call-error";
import { useProject } from "../providers/project";
import { type RouterOutputs, useTRPC } from "../providers/trpc";
import { Button } from "../ui/button";
import { CheckboxLine } from "../ui/checkbox";
import { CallProblem, ErrorPanel } from "../ui/error-panel";
import { Field, Input, Select } from "../ui/field";
import { TextSkeleton } from "../ui/skeleton";
import { useToast } from "../ui/toast";

type Choices = RouterOutputs["promotions"]["policyChoices"];
type Version = RouterOutputs["promotions"]["policies"][number]["versions"][number];
type Props = { environment: EnvironmentName; last: Version | null; onDone: () => void };

/** The form of the next policy version, filled with the last one's rules. */
export function PolicyForm(props: Props) {
  const trpc = useTRPC();
  const project = useProject();
  const choices = useQuery(trpc.promotions.policyChoices.queryOptions({ projectId: project.id }));
  if (choices.error) return <ErrorPanel error={choices.error} onRetry={() => void choices.refetch()} />;
  if (!choices.data) return <TextSkeleton lines={6} />;
  if (choices.data.holdouts.length === 0 || choices.data.problems.length === 0) {
    return (
      <p className="text-sm text-muted">
        {choices.data.holdouts.length === 0
          ? "Import a dataset that is marked as a hold-out first: the platform measures versions on it, and no step receives it."
          : "Define the ML problem first: the acceptance threshold comes from it."}
      </p>
    );
  }
  return <Rules {...props} choices={choices.data} />;
}

type Draft = {
  readonly holdout: string;
  readonly problem: number;
  readonly target: string;
  readonly isCompared: boolean;
  readonly isValidated: boolean;
  readonly roles: readonly ProcessRole[];
  readonly reviewRoles: readonly ProcessRole[];
};

function firstDraft(last: Version | null, choices: Choices, environment: EnvironmentName): Draft {
  const needed = choices.requiredRoles[environment] as readonly ProcessRole[];
  return {
    holdout: last?.rules.holdoutDatasetVersionId ?? choices.holdouts[0]?.id ?? "",
    problem: choices.problems[0]?.version ?? 1,
    target: last?.rules.target ?? choices.problems[0]?.target ?? "",
    isCompared: last?.rules.isComparedWithCurrent ?? true,
    isValidated: last?.rules.isValidationRequired ?? true,
    roles: needed,
    reviewRoles: PROCESS_ROLES.filter((role) => last?.rules.reviewRoles?.includes(role)),
  };
}

function Rules({ environment, last, choices, onDone }: Props & { choices: Choices }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const project = useProject();
  const [draft, setDraft] = useState(() => firstDraft(last, choices, environment));
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  const toast = useToast();
  const problem = choices.problems.find(({ version }) => version === draft.problem) ?? choices.problems[0];
  const publish = useMutation(
    trpc.promotions.publishPolicy.mutationOptions({
      onSuccess: ({ isNew, name }) => {
        if (!isNew) toast(`Nothing changed: ${name} says this already.`);
        onDone();
      },
      onSettled: () => queryClient.invalidateQueries(trpc.promotions.pathFilter()),
    }),
  );
  const refused = publish.error ? describeError(publish.error) : null;
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (publish.isPending || !problem) return;
        publish.mutate({
          projectId: project.id,
          environment,
          holdoutDatasetVersionId: draft.holdout,
          target: draft.target,
          metric: problem.metric,
          mlProblemVersion: problem.version,
          isComparedWithCurrent: draft.isCompared,
          isValidationRequired: draft.isValidated,
          requiredRoles: [...draft.roles],
          reviewRoles: [...draft.reviewRoles],
        });
      }}
    >
      <Field
        label="ML problem definition"
        hint={
          problem &&
          `${metricTitle(problem.metric)} with the acceptance threshold ${metricText(problem.acceptanceThreshold)}.`
        }
      >
        {(field) => (
          <Select
            {...field}
            value={String(draft.problem)}
            options={choices.problems.map(({ version }) => ({ value: String(version), label: `v${version}` }))}
            onChange={(event) => change({ problem: Number(event.target.value) })}
          />
        )}
      </Field>
      <Field label="Hold-out" hint="The platform measures versions on it; no step ever receives it.">
        {(field) => (
          <Select
            {...field}
            value={draft.holdout}
            options={choices.holdouts.map(({ id, name, rows }) => ({
              value: id,
              label: `${name}, ${rows.toLocaleString("en-GB")} rows`,
            }))}
            onChange={(event) => change({ holdout: event.target.value })}
          />
        )}
      </Field>
      <Field
        label="Label"
        hint="A column of the hold-out, or an expression such as precipitation > 0."
        error={refused?.fields.target}
      >
        {(field) => (
          <Input
            {...field}
            value={draft.target}
            className="font-mono"
            onChange={(event) => change({ target: event.target.value })}
          />
        )}
      </Field>
      <div>
        <CheckboxLine checked={draft.isCompared} onChange={(event) => change({ isCompared: event.target.checked })}>
          Better than the version that serves
        </CheckboxLine>
        <CheckboxLine checked={draft.isValidated} onChange={(event) => change({ isValidated: event.target.checked })}>
          Every check passed on the training data
        </CheckboxLine>
      </div>
      <RequiredRoles
        roles={draft.roles}
        needed={choices.requiredRoles[environment]}
        risk={choices.risk}
        onChange={(roles) => change({ roles })}
      />
      <ReviewRoles roles={draft.reviewRoles} onChange={(reviewRoles) => change({ reviewRoles })} />
      {refused && <CallProblem error={refused} />}
      <div className="flex justify-end gap-2">
        <Button onClick={onDone}>Cancel</Button>
        <Button type="submit" tone="primary" isPending={publish.isPending}>
          Publish for {environment}
        </Button>
      </div>
    </form>
  );
}

function RequiredRoles(props: {
  roles: readonly ProcessRole[];
  needed: Choices["requiredRoles"]["staging"];
  risk: string;
  onChange: (roles: readonly ProcessRole[]) => void;
}) {
  const able = rolesWith("promotions.sign") as readonly ProcessRole[];
  return (
    <fieldset>
      <legend className="mb-1 text-sm font-semibold">Signed by</legend>
      {able.map((role) => (
        <CheckboxLine
          key={role}
          checked={props.roles.includes(role)}
          disabled={props.needed.includes(role)}
          onChange={(event) =>
            props.onChange(event.target.checked ? [...props.roles, role] : props.roles.filter((each) => each !== role))
          }
        >
          {ROLE_NAMES[role]}
        </CheckboxLine>
      ))}
      <p className="text-xs text-muted">
        At {props.risk} risk the signature of the {roleNames(props.needed)} is needed. Each signs as a different person.
      </p>
    </fieldset>
  );
}

function ReviewRoles(props: { roles: readonly ProcessRole[]; onChange: (roles: readonly ProcessRole[]) => void }) {
  return (
    <fieldset>
      <legend className="mb-1 text-sm font-semibold">Review approved by</legend>
      <div className="grid gap-x-4 sm:grid-cols-2">
        {PROCESS_ROLES.map((role) => (
          <CheckboxLine
            key={role}
            checked={props.roles.includes(role)}
            onChange={(event) =>
              props.onChange(
                PROCESS_ROLES.filter((each) => (each === role ? event.target.checked : props.roles.includes(each))),
              )
            }
          >
            {ROLE_NAMES[role]}
          </CheckboxLine>
        ))}
      </div>
      <p className="text-xs text-muted">
        {props.roles.length === 0
          ? "No review is asked for. A version may be signed without one."
          : "Until each of them approved the review and every thread is resolved, nobody can sign."}
      </p>
    </fieldset>
  );
}
