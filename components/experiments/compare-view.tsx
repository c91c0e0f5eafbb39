"use client";
import { useSuspenseQuery } from "@tanstack/react-query";
import { parseAsArrayOf, parseAsBoolean, parseAsString, useQueryStates } from "nuqs";
import { type Column, DataTable } from "../data/data-table";
import { countOf, formatMetric } from "../data/format";
import { StatusBadge } from "../data/status-badge";
import { useProject } from "../providers/project";
import { type RouterOutputs, useTRPC } from "../providers/trpc";
import { PageFrame } from "../shell/page-frame";
import { routes } from "../shell/routes";
import { Button, ButtonLink } from "../ui/button";
import { Card } from "../ui/card";
import { cn } from "../ui/cn";
import { EmptyState } from "../ui/empty-state";
import { RelativeTime } from "../ui/time";
import { comparedIds } from "./compared-ids";
import { Courses } from "./run-metrics";
import { NO_VALUE, RunColour } from "./runs-columns";

type Comparison = RouterOutputs["experiments"]["compare"];
type ComparedRow = {
  readonly key: string;
  readonly values: readonly (string | number | null)[];
  readonly isDifferent: boolean;
};

const compareParsers = { runs: parseAsArrayOf(parseAsString).withDefault([]), same: parseAsBoolean.withDefault(true) };

/** Runs side by side: what differs first, then what is the same; their metrics in the same charts. */
export function CompareView() {
  const [{ runs }] = useQueryStates(compareParsers);
  const project = useProject();
  const ids = comparedIds(runs);
  if (ids.length < 2) {
    return (
      <PageFrame
        crumbs={[
          { label: project.name, href: routes.project(project.slug) },
          { label: "Experiments", href: routes.experiments(project.slug) },
        ]}
        title="Compare runs"
      >
        <EmptyState
          title="Two runs are needed"
          hint="Select runs in the table of an experiment, then choose Compare."
          action={<ButtonLink href={routes.experiments(project.slug)}>To the experiments</ButtonLink>}
        />
      </PageFrame>
    );
  }
  return <Comparison ids={ids} />;
}

function Comparison({ ids }: { ids: string[] }) {
  const trpc = useTRPC();
  const project = useProject();
  const [{ same }, setState] = useQueryStates(compareParsers);
  const { data } = useSuspenseQuery(trpc.experiments.compare.queryOptions({ projectId: project.id, runIds: ids }));
  const names = Object.fromEntries(data.runs.map((run) => [run.id, run.name]));
  const experiments = [...new Set(data.runs.map((run) => run.experiment.name))];
  const [only] = experiments;
  const different = [data.params, data.metrics, data.datasets].flat().filter((row) => row.isDifferent).length;
  const shown = <T extends ComparedRow>(rows: readonly T[]) => rows.filter((row) => same || row.isDifferent);
  return (
    <PageFrame
      crumbs={[
        { label: project.name, href: routes.project(project.slug) },
        { label: "Experiments", href: routes.experiments(project.slug) },
        ...(experiments.length === 1 && only ? [{ label: only, href: routes.experiment(project.slug, only) }] : []),
      ]}
      title={`Compare ${countOf(data.runs.length, "run")}`}
      meta={
        different === 0 ? "They agree in everything that was logged." : `They differ in ${countOf(different, "value")}.`
      }
      width="full"
      actions={
        <Button onClick={() => void setState({ same: !same })}>
          {same ? "Hide what is the same" : "Show what is the same"}
        </Button>
      }
    >
      <div className="flex flex-col gap-4">
        <RunsCard runs={data.runs} />
        <Section title="Metrics" rows={shown(data.metrics)} runs={data.runs} isMetric />
        <Courses runIds={ids} names={names} keys={data.metrics.map((row) => row.key)} />
        <Section title="Parameters" rows={shown(data.params)} runs={data.runs} />
        {data.datasets.length > 0 && (
          <Section title="Data that they read" rows={shown(data.datasets)} runs={data.runs} />
        )}
      </div>
    </PageFrame>
  );
}

function RunsCard({ runs }: { runs: Comparison["runs"] }) {
  const project = useProject();
  const columns: readonly Column<Comparison["runs"][number]>[] = [
    {
      id: "name",
      header: "Run",
      cell: (run) => (
        <>
          <RunColour index={runs.findIndex((one) => one.id === run.id)} />
          {run.name}
        </>
      ),
    },
    {
      id: "state",
      header: "State",
      onPhone: "status",
      cell: (run) => <StatusBadge kind="experimentRun" state={run.status} />,
    },
    { id: "experiment", header: "Experiment", cell: (run) => run.experiment.name },
    { id: "person", header: "Person", cell: (run) => run.person ?? NO_VALUE },
    { id: "started", header: "Started", onPhone: "meta", cell: (run) => <RelativeTime at={new Date(run.startMs)} /> },
    {
      id: "version",
      header: "Registered as",
      cell: (run) =>
        run.versions.length === 0
          ? NO_VALUE
          : run.versions.map((version) => `${version.model} v${version.version}`).join(", "),
    },
  ];
  return (
    <DataTable
      label="Compared runs"
      rows={runs}
      columns={columns}
      rowKey={(run) => run.id}
      rowHref={(run) => routes.experimentRun(project.slug, run.id)}
    />
  );
}

function Section(props: { title: string; rows: readonly ComparedRow[]; runs: Comparison["runs"]; isMetric?: boolean }) {
  const different = props.rows.filter((row) => row.isDifferent).length;
  const columns: readonly Column<ComparedRow>[] = [
    {
      id: "key",
      header: props.isMetric ? "Metric" : props.title === "Parameters" ? "Parameter" : "Dataset",
      className: "max-w-64",
      cell: (row) => (
        <span className={cn(!row.isDifferent && "font-normal text-muted")}>
          {row.key}
          {row.isDifferent && <span className="sr-only"> (differs)</span>}
        </span>
      ),
    },
    ...props.runs.map(
      (run, index): Column<ComparedRow> => ({
        id: run.id,
        header: run.name,
        align: props.isMetric ? "right" : "left",
        className: "max-w-72",
        cell: (row) => (
          <ComparedValue
            value={row.values[index] ?? null}
            isQuiet={!row.isDifferent}
            isMetric={props.isMetric ?? false}
          />
        ),
      }),
    ),
  ];
  return (
    <Card title={props.title} aside={different > 0 ? `${different} differ` : "no difference"} isFlush>
      {props.rows.length === 0 ? (
        <p className="px-3.5 py-3 text-sm text-muted">Nothing to show.</p>
      ) : (
        <DataTable label={props.title} rows={props.rows} columns={columns} rowKey={(row) => row.key} isBare />
      )}
    </Card>
  );
}

function ComparedValue({
  value,
  isQuiet,
  isMetric,
}: {
  value: string | number | null;
  isQuiet: boolean;
  isMetric: boolean;
}) {
  if (value === null) return NO_VALUE;
  return (
    <span className={cn("break-words", isQuiet && "text-muted")}>{isMetric ? formatMetric(Number(value)) : value}</span>
  );
}
