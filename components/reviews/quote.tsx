import { Snowflake } from "lucide-react";
import { metricText, metricTitle } from "@/domain/promotions/metrics";
import type { Confusion } from "@/domain/reviews/types";
import { countOf, formatBytes, formatMetric } from "../data/format";
import { CopyId } from "../ui/copy-id";
import { type ReviewThread, rangeText, shortLabel } from "./words";

type Quoted = NonNullable<ReviewThread["quote"]>;

/** The anchored value as it stood when the thread was opened. */
export function QuoteBox({ quote, isOutdated }: { quote: Quoted; isOutdated: boolean }) {
  return (
    <figure className="rounded-md border border-line bg-surface-sunken px-3 py-2 text-sm">
      <figcaption className="mb-1.5 flex flex-wrap items-center gap-1.5 text-xs text-muted">
        <Snowflake aria-hidden className="size-3.5" />
        {captionOf(quote)}
        {isOutdated && " · the evidence has changed since"}
      </figcaption>
      <QuoteValue quote={quote} />
    </figure>
  );
}

function captionOf(quote: Quoted): string {
  if (quote.kind === "slice")
    return `Frozen with its data, ${countOf(quote.slice.rows, "row")}${quote.slice.expression ? ` where ${quote.slice.expression}` : ""}`;
  if (quote.kind === "metric")
    return quote.metric.scope ? `Frozen, measured on ${quote.metric.scope}` : "Frozen as logged";
  return "Frozen";
}

function QuoteValue({ quote }: { quote: Quoted }) {
  if (quote.kind === "artifact") {
    return (
      <p className="flex flex-wrap items-center gap-x-3">
        <span className="font-mono text-xs break-all">{quote.file.path}</span>
        <span className="figures text-xs text-muted">{formatBytes(quote.file.bytes)}</span>
        <CopyId value={quote.file.sha256} what="file digest" />
      </p>
    );
  }
  if (quote.kind === "run") {
    const parameters = Object.entries(quote.parameters).map(([key, value]) => `${key} = ${value}`);
    return (
      <p className="break-words">
        {quote.name}
        {quote.pipelineRun !== null && `, run #${quote.pipelineRun}`}
        {parameters.length > 0 && <span className="text-muted"> · {parameters.join(", ")}</span>}
      </p>
    );
  }
  if (quote.kind === "metric") {
    const { metric, labels } = quote;
    return (
      <p className="figures flex flex-wrap gap-x-4">
        <span>{metricTitle(metric.name)}</span>
        {labels.base && (
          <span className="text-muted">
            {shortLabel(labels.base)} {metric.base === null ? "–" : formatMetric(metric.base)}
          </span>
        )}
        <span className="font-semibold">
          {shortLabel(labels.candidate)} {metric.candidate === null ? "–" : formatMetric(metric.candidate)}
        </span>
      </p>
    );
  }
  return <SliceQuote quote={quote} />;
}

function SliceQuote({ quote: { slice, labels, metric } }: { quote: Extract<Quoted, { kind: "slice" }> }) {
  const sides = [
    ...(labels.base && slice.base ? [{ label: shortLabel(labels.base), value: slice.base }] : []),
    ...(slice.candidate ? [{ label: shortLabel(labels.candidate), value: slice.candidate }] : []),
  ];
  if (sides.length === 0) return <p className="text-muted">{slice.problem ?? "Too few rows for a figure."}</p>;
  return (
    <div className="flex flex-wrap gap-x-8 gap-y-3">
      {sides.map(({ label, value }) => (
        <div key={label}>
          <p className="figures mb-1 text-xs">
            <span className="font-semibold">{label}</span> {metricTitle(metric).toLowerCase()} {metricText(value.value)}
            {value.interval && <span className="text-muted"> ({rangeText(value.interval)})</span>}
          </p>
          {value.confusion && <Counts label={label} counts={value.confusion} />}
        </div>
      ))}
    </div>
  );
}

/** Counts of a yes/no decision; right answers and wrong ones stand on their tones and on the diagonal. */
function Counts({ label, counts }: { label: string; counts: Confusion }) {
  const right = "bg-pass-soft";
  const wrong = "bg-fail-soft";
  const cell = "figures h-6 w-12 border border-surface-sunken px-2 text-right";
  return (
    <table aria-label={`Answers of ${label}`} className="text-xs">
      <thead className="text-muted">
        <tr>
          <td />
          <th scope="col" className="px-2 text-right font-normal">
            was 0
          </th>
          <th scope="col" className="px-2 text-right font-normal">
            was 1
          </th>
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row" className="pr-2 font-normal text-muted">
            said 0
          </th>
          <td className={`${cell} ${right}`}>{counts.trueNegative}</td>
          <td className={`${cell} ${wrong}`}>{counts.falseNegative}</td>
        </tr>
        <tr>
          <th scope="row" className="pr-2 font-normal text-muted">
            said 1
          </th>
          <td className={`${cell} ${wrong}`}>{counts.falsePositive}</td>
          <td className={`${cell} ${right}`}>{counts.truePositive}</td>
        </tr>
      </tbody>
    </table>
  );
}
