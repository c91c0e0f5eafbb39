"use client";
import { useMutation, useSuspenseQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useState } from "react";
import { ENVIRONMENT_NAMES } from "@/domain/promotions/status";
import { describeError } from "../providers/call-error";
import { usePermission, useProject } from "../providers/project";
import { useTRPC } from "../providers/trpc";
import { routes } from "../shell/routes";
import { Button, ButtonLink } from "../ui/button";
import { Card } from "../ui/card";
import { EmptyState } from "../ui/empty-state";
import { CallProblem } from "../ui/error-panel";
import { Field, Select, Textarea } from "../ui/field";

const parsers = { version: parseAsString, environment: parseAsStringLiteral(ENVIRONMENT_NAMES) };

/** Chooses a version and an environment; both live in the address, so that the page of a version can link here. */
export function ProposeForm() {
  const trpc = useTRPC();
  const project = useProject();
  const [{ version, environment }, setChoice] = useQueryStates(parsers);
  const { data: candidates } = useSuspenseQuery(trpc.promotions.candidates.queryOptions({ projectId: project.id }));
  const chosen = version ?? candidates[0]?.modelVersionId ?? null;
  if (!chosen) {
    return (
      <EmptyState
        title="No version to propose yet"
        hint="A version comes from the run of a production pipeline, whose last step registers it."
        action={<ButtonLink href={routes.pipelines(project.slug)}>To the pipelines</ButtonLink>}
      />
    );
  }
  const isListed = candidates.some((candidate) => candidate.modelVersionId === chosen);
  return (
    <Card title="Proposal" className="max-w-2xl">
      <div className="flex flex-col gap-4">
        <Field label="Model version">
          {(field) => (
            <Select
              {...field}
              value={chosen}
              options={[
                ...candidates.map((candidate) => ({
                  value: candidate.modelVersionId,
                  label: `${candidate.model} v${candidate.version}`,
                })),
                ...(isListed ? [] : [{ value: chosen, label: "The version of the link" }]),
              ]}
              onChange={(event) => setChoice({ version: event.target.value })}
            />
          )}
        </Field>
        <Choice
          key={chosen}
          modelVersionId={chosen}
          environment={environment}
          onEnvironment={(name) => setChoice({ environment: name })}
        />
      </div>
    </Card>
  );
}

type ChoiceProps = {
  modelVersionId: string;
  environment: (typeof ENVIRONMENT_NAMES)[number] | null;
  onEnvironment: (name: (typeof ENVIRONMENT_NAMES)[number]) => void;
};

function Choice({ modelVersionId, environment, onEnvironment }: ChoiceProps) {
  const trpc = useTRPC();
  const router = useRouter();
  const project = useProject();
  const permission = usePermission("promotions.propose");
  const [comment, setComment] = useState("");
  const { data } = useSuspenseQuery(trpc.promotions.options.queryOptions({ projectId: project.id, modelVersionId }));
  const chosen =
    environment ??
    data.options.find(({ refusal }) => refusal === null)?.environment ??
    data.options[0]?.environment ??
    "staging";
  const refusal = data.options.find((option) => option.environment === chosen)?.refusal ?? null;
  const propose = useMutation(
    trpc.promotions.propose.mutationOptions({
      onSuccess: ({ number }) => router.push(routes.promotion(project.slug, number)),
    }),
  );
  const problem = propose.error ? describeError(propose.error) : null;
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (permission.allowed && !refusal && !propose.isPending)
          propose.mutate({ projectId: project.id, modelVersionId, environment: chosen, comment });
      }}
    >
      <fieldset className="flex flex-col gap-2">
        <legend className="mb-1.5 text-sm font-semibold">Environment</legend>
        {data.options.map((option) => (
          <label key={option.environment} className="flex items-start gap-2.5 text-sm">
            <input
              type="radio"
              name="environment"
              value={option.environment}
              checked={chosen === option.environment}
              onChange={() => onEnvironment(option.environment)}
              className="mt-1 size-4 accent-accent"
            />
            <span>
              {option.environment}
              {option.refusal && <span className="block text-xs text-muted">{option.refusal}</span>}
            </span>
          </label>
        ))}
      </fieldset>
      <Field label="Comment" isOptional hint="What the signers should know.">
        {(field) => <Textarea {...field} value={comment} onChange={(event) => setComment(event.target.value)} />}
      </Field>
      {problem && <CallProblem error={problem} />}
      <div className="flex justify-end gap-2">
        <Button
          type="submit"
          tone="primary"
          isPending={propose.isPending}
          disabledReason={permission.reason ?? refusal}
        >
          Propose for {chosen}
        </Button>
      </div>
    </form>
  );
}
