"use client";
import { isLowerBetter, metricTitle } from "@/domain/promotions/metrics";
import { type Column, DataTable } from "../data/data-table";
import { formatMetric } from "../data/format";
import { Card } from "../ui/card";
import { CopyId } from "../ui/copy-id";
import { Difference } from "./difference";
import { ThreadButton } from "./thread-dialog";
import { type Review, type ReviewRecord, shortLabel } from "./words";

type Metric = ReviewRecord["metrics"][number];

const KNOWN = /^(accuracy|balanced_accuracy|precision|recall|f1|roc_auc|brier|log_loss|rmse|mae|r2)$/;

/** Whether more or less is better, where the metric is one that the platform knows; null for an author's own. */
function isBetter({ name, candidate, base }: Metric): boolean | null {
  if (candidate === null || base === null || candidate === base || !KNOWN.test(name)) return null;
  return isLowerBetter(name) ? candidate < base : candidate > base;
}

/** Metrics of both sides, the difference first: measured by the platform, then what the author logged. */
export function MetricsCards({ review, record }: { review: Review; record: ReviewRecord }) {
  const groups = [
    { source: "platform", title: "Measured by the platform" },
    { source: "logged", title: "Logged by the author" },
  ] as const;
  return (
    <>
      {groups.map(({ source, title }) => {
        const rows = record.metrics.filter((metric) => metric.source === source);
        return (
          <Card key={source} isFlush title={title} aside={rows[0]?.scope}>
            {rows.length === 0 ? (
              <p className="px-3.5 py-3 text-sm text-muted">
                {source === "platform" ? "Nothing was measured yet." : "Neither side logged a metric."}
              </p>
            ) : (
              <DataTable
                isBare
                label={title}
                rows={rows}
                columns={columnsFor(review, record)}
                rowKey={(metric) => metric.key}
              />
            )}
          </Card>
        );
      })}
      <EvaluationsCard record={record} />
    </>
  );
}

const valueText = (value: number | null) => (value === null ? "–" : formatMetric(value));

function columnsFor(review: Review, record: ReviewRecord): readonly Column<Metric>[] {
  const { base } = record;
  return [
    { id: "name", header: "Metric", cell: (metric) => metricTitle(metric.name) },
    ...(base
      ? [
          {
            id: "difference",
            header: "Difference",
            align: "right" as const,
            cell: (metric: Metric) => (
              <Difference
                value={metric.candidate === null || metric.base === null ? null : metric.candidate - metric.base}
                isBetter={isBetter(metric)}
              />
            ),
          },
          {
            id: "base",
            header: shortLabel(base.label),
            align: "right" as const,
            cell: (metric: Metric) => valueText(metric.base),
          },
        ]
      : []),
    {
      id: "candidate",
      header: shortLabel(record.candidate.label),
      align: "right",
      cell: (metric) => valueText(metric.candidate),
    },
    {
      id: "threads",
      header: "Threads",
      align: "right",
      isInteractive: true,
      cell: (metric) => (
        <ThreadButton review={review} anchor={{ kind: "metric", key: metric.key }} label={metricTitle(metric.name)} />
      ),
    },
  ];
}

/** Every evaluation that the platform has of either side: part of what is frozen. */
function EvaluationsCard({ record }: { record: ReviewRecord }) {
  if (record.evaluations.length === 0) return null;
  const columns: readonly Column<ReviewRecord["evaluations"][number]>[] = [
    { id: "model", header: "Model", cell: (row) => row.model },
    { id: "dataset", header: "Dataset", onPhone: "meta", cell: (row) => row.dataset },
    { id: "target", header: "Label", onPhone: "meta", cell: (row) => <code className="text-xs">{row.target}</code> },
    { id: "rows", header: "Rows", align: "right", cell: (row) => row.rows.toLocaleString("en-GB") },
    {
      id: "digest",
      header: "File",
      align: "right",
      isInteractive: true,
      cell: (row) => <CopyId value={row.modelDigest} what="model digest" />,
    },
  ];
  return (
    <Card isFlush title="Evaluations under review">
      <DataTable
        isBare
        label="Evaluations"
        rows={record.evaluations}
        columns={columns}
        rowKey={(row) => `${row.modelDigest} ${row.datasetDigest} ${row.target}`}
      />
    </Card>
  );
}
