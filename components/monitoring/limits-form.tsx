"use client";
import type { ReactNode } from "react";
import type { Limits } from "@/domain/monitoring/types";
import { metricTitle } from "@/domain/promotions/metrics";
import { numberOf, useForm } from "../projects/use-form";
import { describeError } from "../providers/call-error";
import { Button } from "../ui/button";
import { CallProblem } from "../ui/error-panel";
import { Field, Input, Textarea } from "../ui/field";
import { floorWord } from "./words";

type Props = {
  metric: string;
  /** What the form starts with. */
  limits: Limits | null;
  /** The floor to start with where there are no limits yet. */
  floor?: number | null;
  isReasonNeeded: boolean;
  act: string;
  disabledReason?: string | null;
  isPending: boolean;
  error: unknown;
  onSubmit: (limits: Limits, reason: string) => void;
  children?: ReactNode;
};

const text = (value: number | null | undefined) => (value === null || value === undefined ? "" : String(value));
const optional = (value: string) => (value.trim() === "" ? null : numberOf(value));
const share = (value: number | null) => (value === null ? null : value / 100);

/** The limits of a monitor, typed as people say them: shares in percent, latency in milliseconds. */
export function LimitsForm(props: Props) {
  const { limits, metric } = props;
  const percentOf = (value: number | null | undefined) => text(value == null ? null : Number((value * 100).toFixed(4)));
  const { values, bind } = useForm({
    floor: text(limits?.qualityFloor ?? props.floor),
    drift: text(limits?.driftLimit ?? 0.2),
    missing: percentOf(limits?.missingLimit),
    latency: text(limits?.latencyLimitMs),
    failures: percentOf(limits?.failureLimit),
    reason: "",
  });
  const problem = props.error ? describeError(props.error) : null;
  const fieldError = (name: string) => problem?.fields[`limits.${name}`];
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (props.isPending || props.disabledReason) return;
        props.onSubmit(
          {
            qualityFloor: numberOf(values.floor),
            driftLimit: numberOf(values.drift),
            missingLimit: share(optional(values.missing)),
            latencyLimitMs: optional(values.latency),
            failureLimit: share(optional(values.failures)),
          },
          values.reason,
        );
      }}
    >
      <div className="@container">
        <div className="grid items-start gap-4 @min-[34rem]:grid-cols-2">
          {props.children}
          <Field
            label={`${metricTitle(metric)}: ${floorWord(metric)}`}
            hint="A closed quarter on the wrong side of it opens an alert."
            error={fieldError("qualityFloor")}
          >
            {(field) => <Input {...field} {...bind("floor")} inputMode="decimal" required />}
          </Field>
          <Field
            label="Drift of an input: PSI"
            hint="It only warns, and only where sampling does not explain it."
            error={fieldError("driftLimit")}
          >
            {(field) => <Input {...field} {...bind("drift")} inputMode="decimal" required />}
          </Field>
          <Field label="Missing values of an input, %" isOptional error={fieldError("missingLimit")}>
            {(field) => <Input {...field} {...bind("missing")} inputMode="decimal" />}
          </Field>
          <Field label="Latency, 95th percentile, ms" isOptional error={fieldError("latencyLimitMs")}>
            {(field) => <Input {...field} {...bind("latency")} inputMode="decimal" />}
          </Field>
          <Field label="Failed requests, %" isOptional error={fieldError("failureLimit")}>
            {(field) => <Input {...field} {...bind("failures")} inputMode="decimal" />}
          </Field>
        </div>
      </div>
      <Field label="Reason" isOptional={!props.isReasonNeeded} error={problem?.fields.reason}>
        {(field) => <Textarea {...field} {...bind("reason")} required={props.isReasonNeeded} />}
      </Field>
      {problem && <CallProblem error={problem} />}
      <div className="flex justify-end">
        <Button type="submit" tone="primary" isPending={props.isPending} disabledReason={props.disabledReason ?? null}>
          {props.act}
        </Button>
      </div>
    </form>
  );
}
