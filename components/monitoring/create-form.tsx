"use client";
import { useMutation, useSuspenseQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { DEFAULT_COVERAGE, DEFAULT_INTERVAL_SECONDS } from "@/domain/monitoring/contracts";
import { isMonitorMetric, MONITOR_METRICS } from "@/domain/monitoring/quality";
import { metricTitle } from "@/domain/promotions/metrics";
import type { EnvironmentName } from "@/domain/promotions/status";
import { numberOf } from "../projects/use-form";
import { describeError } from "../providers/call-error";
import { useMe } from "../providers/me";
import { usePermission, useProject } from "../providers/project";
import { type RouterOutputs, useTRPC } from "../providers/trpc";
import { routes } from "../shell/routes";
import { ButtonLink } from "../ui/button";
import { Card } from "../ui/card";
import { EmptyState } from "../ui/empty-state";
import { Field, Input, Select } from "../ui/field";
import { LimitsForm } from "./limits-form";

type Options = RouterOutputs["monitoring"]["options"];

/** Watches a model in an environment; its limits then wait for two signatures. */
export function CreateMonitorForm() {
  const trpc = useTRPC();
  const project = useProject();
  const { data: options } = useSuspenseQuery(trpc.monitoring.options.queryOptions({ projectId: project.id }));
  if (options.models.length === 0) {
    return (
      <EmptyState
        title="No model to watch yet"
        hint="A model is registered by the run of a pipeline, or by code that runs outside."
        action={<ButtonLink href={routes.models(project.slug)}>To the models</ButtonLink>}
      />
    );
  }
  return (
    <Card title="Monitor" className="max-w-2xl">
      <Form options={options} />
    </Card>
  );
}

function firstDraft(options: Options, me: string) {
  const environment: EnvironmentName = options.environments.find((name) => name === "production") ?? "staging";
  const metric = options.problem && isMonitorMetric(options.problem.metric) ? options.problem.metric : "accuracy";
  return {
    modelId: options.models[0]?.id ?? "",
    environment,
    metric,
    ownerId: options.owners.find(({ id }) => id === me)?.id ?? options.owners[0]?.id ?? "",
    delay: "2",
    coverage: String(DEFAULT_COVERAGE * 100),
    interval: String(DEFAULT_INTERVAL_SECONDS),
  };
}

function Form({ options }: { options: Options }) {
  const trpc = useTRPC();
  const router = useRouter();
  const project = useProject();
  const me = useMe();
  const permission = usePermission("monitoring.edit");
  const [draft, setDraft] = useState(() => firstDraft(options, me.userId));
  const change = (part: Partial<typeof draft>) => setDraft((before) => ({ ...before, ...part }));
  const create = useMutation(
    trpc.monitoring.create.mutationOptions({
      onSuccess: ({ number }) => router.push(routes.monitor(project.slug, number)),
    }),
  );
  const errors = create.error ? describeError(create.error).fields : {};
  const { delay, coverage, interval, ...fixed } = draft;
  return (
    <LimitsForm
      metric={draft.metric}
      limits={null}
      floor={options.problem?.threshold ?? null}
      isReasonNeeded={false}
      act="Set the monitor"
      disabledReason={permission.reason}
      isPending={create.isPending}
      error={create.error}
      onSubmit={(limits, reason) =>
        create.mutate({
          ...fixed,
          projectId: project.id,
          labelDelayDays: numberOf(delay),
          minimumCoverage: numberOf(coverage) / 100,
          intervalSeconds: numberOf(interval),
          limits,
          reason,
        })
      }
    >
      <Field label="Model" error={errors.modelId}>
        {(field) => (
          <Select
            {...field}
            value={draft.modelId}
            options={options.models.map(({ id, name }) => ({ value: id, label: name }))}
            onChange={(event) => change({ modelId: event.target.value })}
          />
        )}
      </Field>
      <Field label="Environment" error={errors.environment}>
        {(field) => (
          <Select
            {...field}
            value={draft.environment}
            options={options.environments.map((name) => ({ value: name, label: name }))}
            onChange={(event) =>
              change({ environment: options.environments.find((name) => name === event.target.value) ?? "production" })
            }
          />
        )}
      </Field>
      <Field label="Metric" hint="Judged once per closed calendar quarter." error={errors.metric}>
        {(field) => (
          <Select
            {...field}
            value={draft.metric}
            options={MONITOR_METRICS.map((metric) => ({ value: metric, label: metricTitle(metric) }))}
            onChange={(event) =>
              change({ metric: MONITOR_METRICS.find((metric) => metric === event.target.value) ?? "accuracy" })
            }
          />
        )}
      </Field>
      <Field label="Owner" hint="Alerts go to this person." error={errors.ownerId}>
        {(field) => (
          <Select
            {...field}
            value={draft.ownerId}
            options={options.owners.map(({ id, name }) => ({ value: id, label: name }))}
            onChange={(event) => change({ ownerId: event.target.value })}
          />
        )}
      </Field>
      <Field label="Labels come after, days" error={errors.labelDelayDays}>
        {(field) => (
          <Input
            {...field}
            inputMode="numeric"
            value={delay}
            onChange={(event) => change({ delay: event.target.value })}
          />
        )}
      </Field>
      <Field label="Share of answers that need a label, %" error={errors.minimumCoverage}>
        {(field) => (
          <Input
            {...field}
            inputMode="decimal"
            value={coverage}
            onChange={(event) => change({ coverage: event.target.value })}
          />
        )}
      </Field>
      <Field label="Look every, seconds" error={errors.intervalSeconds}>
        {(field) => (
          <Input
            {...field}
            inputMode="numeric"
            value={interval}
            onChange={(event) => change({ interval: event.target.value })}
          />
        )}
      </Field>
    </LimitsForm>
  );
}
