"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { ColumnType } from "@/domain/data/types";
import { StatusBadge } from "../data/status-badge";
import { describeError } from "../providers/call-error";
import { useProject } from "../providers/project";
import { type RouterOutputs, useTRPC } from "../providers/trpc";
import { Button } from "../ui/button";
import { Card } from "../ui/card";
import { CallProblem } from "../ui/error-panel";
import { Field, Input } from "../ui/field";
import { AbsoluteTime } from "../ui/time";
import type { View } from "./words";

type Question = { readonly entity: Readonly<Record<string, string | number | boolean>>; readonly asOf: string | null };

/** What was typed as the type of the column that it is for. */
function typed(text: string, type: ColumnType | undefined): string | number | boolean {
  if (type === "integer" && /^-?\d{1,15}$/.test(text)) return Number(text);
  if (type === "boolean" && /^(true|false)$/.test(text)) return text === "true";
  return text;
}

/** Asks the online table for one entity, as a caller of the HTTP route would. */
export function LookUpCard({ view }: { view: View }) {
  const trpc = useTRPC();
  const project = useProject();
  const online = view.copies.find((copy) => copy.state === "succeeded");
  const definition = view.versions.find((version) => version.version === online?.version)?.definition;
  const [entries, setEntries] = useState<Readonly<Record<string, string>>>({});
  const [asOf, setAsOf] = useState("");
  const [question, setQuestion] = useState<Question | null>(null);
  const answer = useQuery({
    ...trpc.features.lookUp.queryOptions({
      projectId: project.id,
      view: `${view.name}@${online?.version ?? 1}`,
      entities: [{ ...question?.entity }],
      ...(question?.asOf && { asOf: question.asOf }),
    }),
    enabled: question !== null && online !== undefined,
    placeholderData: keepPreviousData,
    retry: false,
  });
  if (!online || !definition) return null;
  const types = new Map(view.dataset.schema.map((column) => [column.name, column.type]));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const entity = Object.fromEntries(
      definition.entityColumns.map((name) => [name, typed(entries[name] ?? "", types.get(name))]),
    );
    setQuestion({ entity, asOf: asOf === "" ? null : `${asOf}:00Z` });
  };
  return (
    <Card title="Look up online" aside={<code>POST /api/v1/features/online</code>}>
      <form onSubmit={submit} className="flex flex-wrap items-end gap-3">
        {definition.entityColumns.map((name) => (
          <Field key={name} label={name} className="flex-1 basis-40">
            {(field) => (
              <Input
                {...field}
                required
                autoComplete="off"
                value={entries[name] ?? ""}
                onChange={(event) => setEntries({ ...entries, [name]: event.target.value })}
              />
            )}
          </Field>
        ))}
        <Field label="As of, in UTC" isOptional className="flex-1 basis-48">
          {(field) => (
            <Input {...field} type="datetime-local" value={asOf} onChange={(event) => setAsOf(event.target.value)} />
          )}
        </Field>
        <Button type="submit" isPending={answer.isFetching}>
          Look up
        </Button>
      </form>
      <div aria-live="polite" className="mt-3 empty:hidden">
        {answer.error ? (
          <CallProblem error={describeError(answer.error)} />
        ) : (
          question && answer.data && <Answer answer={answer.data} />
        )}
      </div>
    </Card>
  );
}

function Answer({ answer }: { answer: RouterOutputs["features"]["lookUp"] }) {
  const [found] = answer.results;
  if (!found) return null;
  return (
    <>
      <p className="mb-2 text-xs text-muted">
        v{answer.version} as of <AbsoluteTime at={new Date(answer.asOf)} />
        {found.eventTime && (
          <>
            , the row of <AbsoluteTime at={new Date(found.eventTime)} />
          </>
        )}
      </p>
      <dl className="grid gap-x-6 gap-y-1.5 text-sm sm:grid-cols-2">
        {answer.features.map((name) => (
          <div key={name} className="flex min-w-0 items-baseline gap-3">
            <dt className="min-w-0 flex-1 truncate text-muted">{name}</dt>
            <dd className="figures min-w-0 truncate">{String(found.values[name] ?? "–")}</dd>
            <dd>
              <StatusBadge kind="onlineValue" state={found.statuses[name] ?? "NOT_FOUND"} />
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}
