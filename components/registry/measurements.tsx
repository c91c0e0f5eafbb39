"use client";
import Link from "next/link";
import { type Column, DataTable } from "../data/data-table";
import { formatCount, formatDuration, formatMetric, formatShare } from "../data/format";
import { useProject } from "../providers/project";
import { routes } from "../shell/routes";
import { Card } from "../ui/card";
import { RelativeTime } from "../ui/time";
import type { Version } from "./version-view";

type Evaluation = Version["evaluations"][number];

/** What the platform measured by running the file itself: the only figures that open a gate. */
export function EvaluationsCard({ version }: { version: Version }) {
  return (
    <Card title="Measured by the platform" aside={version.evaluations.length > 0 ? "opens gates" : undefined} isFlush>
      {version.evaluations.length === 0 ? (
        <p className="px-3.5 py-3 text-sm text-pretty text-muted">
          Not yet. When the version is proposed, the platform runs its file on the hold-out data of the policy.
        </p>
      ) : (
        version.evaluations.map((evaluation) => <OneEvaluation key={evaluation.id} evaluation={evaluation} />)
      )}
    </Card>
  );
}

function OneEvaluation({ evaluation }: { evaluation: Evaluation }) {
  const project = useProject();
  const figures = [
    ...Object.entries(evaluation.metrics).map(([key, value]) => ({ key, text: formatMetric(value) })),
    ...(evaluation.majorityShare === null
      ? []
      : [{ key: "most frequent label", text: formatShare(evaluation.majorityShare) }]),
  ];
  return (
    <section className="border-b border-line px-3.5 py-3 last:border-b-0">
      <p className="text-xs text-muted">
        on{" "}
        <Link
          className="font-semibold text-text hover:text-accent"
          href={routes.dataset(project.slug, evaluation.dataset)}
        >
          {evaluation.dataset} v{evaluation.version}
        </Link>
        , {formatCount(evaluation.rows)} rows, label {evaluation.target}, <RelativeTime at={evaluation.createdAt} />, in{" "}
        {formatDuration(evaluation.durationMs)}
      </p>
      <dl className="mt-2 flex flex-wrap gap-x-8 gap-y-2">
        {figures.map((figure) => (
          <div key={figure.key}>
            <dt className="text-xs text-muted">{figure.key}</dt>
            <dd className="figures text-lg font-semibold">{figure.text}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

type Logged = NonNullable<Version["run"]>;
type Row = { readonly key: string; readonly text: string };

const columns: readonly Column<Row>[] = [
  { id: "key", header: "Metric", cell: (row) => row.key },
  { id: "value", header: "Logged", align: "right", onPhone: "status", cell: (row) => row.text },
];

/** What the script said of itself, kept apart from what the platform measured. */
export function LoggedMetricsCard({ run }: { run: Logged }) {
  const rows = run.metrics.map(({ key, value }) => ({ key, text: formatMetric(Number(value)) }));
  return (
    <Card title="Logged by the script" aside="opens no gate" isFlush>
      {rows.length === 0 ? (
        <p className="px-3.5 py-3 text-sm text-muted">The run logged no metrics.</p>
      ) : (
        <DataTable
          label="Metrics logged by the script"
          rows={rows}
          columns={columns}
          rowKey={(row) => row.key}
          isBare
        />
      )}
    </Card>
  );
}
