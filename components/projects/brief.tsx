"use client";
import { useSuspenseQuery } from "@tanstack/react-query";
import { ArrowRight, Pencil } from "lucide-react";
import { useState } from "react";
import { isLowerBetter, metricTitle } from "@/domain/promotions/metrics";
import { formatCount, formatDay } from "../data/format";
import { usePermission, useProject } from "../providers/project";
import { type RouterOutputs, useTRPC } from "../providers/trpc";
import { Button } from "../ui/button";
import { Card } from "../ui/card";
import { EmptyState } from "../ui/empty-state";
import { KeyValue } from "../ui/key-value";
import { RelativeTime } from "../ui/time";
import { MlProblemDialog } from "./ml-problem-form";
import { ProblemDialog } from "./problem-form";
import { TASK_WORDS } from "./task-words";
import { VersionsDialog } from "./versions";

type History = RouterOutputs["projects"]["history"];

/** Problem statement and ML problem definition, as they are now, with their versions. */
export function Brief() {
  const trpc = useTRPC();
  const project = useProject();
  const { data } = useSuspenseQuery(trpc.projects.history.queryOptions({ projectId: project.id }));
  return (
    <>
      <ProblemCard history={data} />
      <MlProblemCard history={data} />
    </>
  );
}

function ProblemCard({ history }: { history: History }) {
  const [isEditing, setEditing] = useState(false);
  const [isShowingVersions, setShowingVersions] = useState(false);
  const permission = usePermission("projects.edit_problem");
  const [now] = history.statements;
  const edit = (
    <Button
      size={now ? "sm" : "md"}
      tone={now ? "secondary" : "primary"}
      disabledReason={permission.reason}
      onClick={() => setEditing(true)}
    >
      <Pencil aria-hidden />
      {now ? "Edit" : "State the problem"}
    </Button>
  );
  return (
    <Card
      title="Problem"
      aside={
        now && (
          <VersionAside
            version={now.version}
            author={now.author}
            at={now.createdAt}
            onShow={() => setShowingVersions(true)}
            edit={edit}
          />
        )
      }
    >
      {now ? (
        <>
          <p className="max-w-prose text-lg text-pretty">{now.goal}</p>
          <div className="mt-4 flex flex-wrap items-end gap-x-10 gap-y-3">
            <Kpi name={now.kpiName} unit={now.kpiUnit} baseline={now.kpiBaseline} target={now.kpiTarget} />
            {now.affectedUsers && <Fact name="Affected" value={now.affectedUsers} />}
            {now.deadline && <Fact name="Due" value={formatDay(new Date(now.deadline), "UTC")} />}
          </div>
        </>
      ) : (
        <EmptyState
          title="The problem is not stated yet"
          hint="A business stakeholder says what should become better and by which figure it is judged."
          action={edit}
        />
      )}
      <ProblemDialog isOpen={isEditing} onOpenChange={setEditing} />
      <VersionsDialog
        title="Versions of the problem statement"
        isOpen={isShowingVersions}
        onOpenChange={setShowingVersions}
        versions={history.statements.map((each) => ({
          version: each.version,
          author: each.author,
          at: each.createdAt,
          lines: [
            each.goal,
            `${each.kpiName}: ${formatCount(each.kpiBaseline)} ${each.kpiUnit} today, ${formatCount(each.kpiTarget)} ${each.kpiUnit} wanted${each.deadline ? ` by ${formatDay(new Date(each.deadline), "UTC")}` : ""}`,
          ],
        }))}
      />
    </Card>
  );
}

function Kpi({ name, unit, baseline, target }: { name: string; unit: string; baseline: number; target: number }) {
  return (
    <dl>
      <dt className="text-xs text-muted">{name}, today and wanted</dt>
      <dd className="figures flex items-center gap-3 text-2xl font-semibold tracking-tight">
        <span className="text-muted">
          {formatCount(baseline)}
          {unit && <span className="text-lg font-normal"> {unit}</span>}
        </span>
        <ArrowRight aria-label="to" className="size-5 text-faint" />
        <span>
          {formatCount(target)}
          {unit && <span className="text-lg font-normal text-muted"> {unit}</span>}
        </span>
      </dd>
    </dl>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <dl className="min-w-0">
      <dt className="text-xs text-muted">{name}</dt>
      <dd className="break-words">{value}</dd>
    </dl>
  );
}

function MlProblemCard({ history }: { history: History }) {
  const [isEditing, setEditing] = useState(false);
  const [isShowingVersions, setShowingVersions] = useState(false);
  const permission = usePermission("projects.edit_ml_problem");
  const [now] = history.definitions;
  const newest = history.statements[0]?.version;
  const reason =
    permission.reason ?? (newest === undefined ? "State the problem first: the threshold is tied to its KPI." : null);
  const edit = (
    <Button size={now ? "sm" : "md"} disabledReason={reason} onClick={() => setEditing(true)}>
      <Pencil aria-hidden />
      {now ? "Edit" : "Define the ML problem"}
    </Button>
  );
  return (
    <Card
      title="ML problem"
      isFlush
      aside={
        now && (
          <VersionAside
            version={now.version}
            author={now.author}
            at={now.createdAt}
            onShow={() => setShowingVersions(true)}
            edit={edit}
          />
        )
      }
    >
      {now ? (
        <KeyValue
          pairs={[
            { key: "Task", value: TASK_WORDS[now.task] },
            { key: "Target", value: now.target },
            { key: "One prediction per", value: now.predictionUnit },
            {
              key: "Accepted",
              value: (
                <>
                  {metricTitle(now.metric)}{" "}
                  <span className="figures font-semibold">{`${isLowerBetter(now.metric) ? "≤" : "≥"} ${now.acceptanceThreshold}`}</span>
                </>
              ),
              aside: "on the hold-out",
            },
            {
              key: "Why this much",
              value: now.rationale,
              aside:
                newest !== now.statementVersion
                  ? `tied to problem v${now.statementVersion}; the newest is v${newest}`
                  : `tied to problem v${now.statementVersion}`,
            },
          ]}
        />
      ) : (
        <EmptyState
          title="The ML problem is not defined yet"
          hint="A data scientist says what is predicted, by which metric it is judged and how good it must be."
          action={edit}
        />
      )}
      <MlProblemDialog isOpen={isEditing} onOpenChange={setEditing} />
      <VersionsDialog
        title="Versions of the ML problem definition"
        isOpen={isShowingVersions}
        onOpenChange={setShowingVersions}
        versions={history.definitions.map((each) => ({
          version: each.version,
          author: each.author,
          at: each.createdAt,
          lines: [
            `${TASK_WORDS[each.task]} of ${each.target}, ${metricTitle(each.metric)} ${isLowerBetter(each.metric) ? "≤" : "≥"} ${each.acceptanceThreshold}`,
            each.rationale,
          ],
        }))}
      />
    </Card>
  );
}

type AsideProps = { version: number; author: string; at: Date; onShow: () => void; edit: React.ReactNode };

function VersionAside({ version, author, at, onShow, edit }: AsideProps) {
  return (
    <>
      <button
        type="button"
        onClick={onShow}
        className="min-h-6 rounded-sm underline decoration-line-strong underline-offset-2 hover:text-text"
        aria-label={`Version ${version}: show all versions`}
      >
        v{version}
      </button>
      <span>
        by {author} <RelativeTime at={at} />
      </span>
      {edit}
    </>
  );
}
