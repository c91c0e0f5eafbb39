import { windowName } from "@/domain/monitoring/windows";
import { metricText, metricTitle } from "@/domain/promotions/metrics";
import { type Multiple, SmallMultiples, type SpanValue } from "../charts/small-multiples";
import { formatDay, formatNumber, formatShare } from "../data/format";
import { Card } from "../ui/card";
import {
  type Check,
  failedShare,
  floorWord,
  type InputsCheck,
  isInputs,
  isQuality,
  type Monitor,
  worstDrift,
} from "./words";

const DAY_MS = 86_400_000;

const spanOf = (check: Check, value: number, more: Partial<SpanValue> = {}): SpanValue => ({
  from: check.windowStart.getTime(),
  to: check.windowEnd.getTime(),
  value,
  ...more,
});

/** "Accuracy by quarter: 2013 Q1 0.667, 2013 Q2 0.769". */
function inWords(title: string, checks: readonly Check[], textOf: (check: Check) => string): string {
  return `${title} by quarter: ${checks.map((check) => `${windowName(check.windowStart)} ${textOf(check)}`).join(", ")}`;
}

/** Quality, coverage, drift, latency and failures of each judged quarter on one axis of event time, with the releases. */
export function CourseCard({ monitor }: { monitor: Monitor }) {
  const { checks, releases, open } = monitor;
  const times = [
    ...checks.flatMap((check) => [check.windowStart.getTime(), check.windowEnd.getTime()]),
    ...(open ? [open.first.getTime(), open.asOf.getTime()] : []),
  ];
  if (checks.length === 0) {
    return (
      <Card title="By quarter">
        <p className="py-6 text-center text-sm text-pretty text-muted">
          The first quarter appears here when it is closed, its labels are due and enough of them have come.
        </p>
      </Card>
    );
  }
  const axis = { from: Math.min(...times), to: Math.max(...times) };
  return (
    <Card
      isFlush
      title="By quarter, in event time"
      aside={
        <>
          <span>
            <span aria-hidden className="mr-1 inline-block h-3 w-px bg-line-strong align-middle" />
            release
          </span>
          <span className="text-fail">┄ {floorWord(monitor.metric)}</span>
          <span>
            <span aria-hidden className="mr-1 inline-block size-2.5 bg-series-1/25 align-middle" />
            95 % band
          </span>
        </>
      }
    >
      <SmallMultiples
        axis={axis}
        marks={releases.map(({ at, version }) => ({ at: at.getTime(), label: `v${version}` }))}
        ticks={ticksOf(axis)}
        rows={[...qualityRows(monitor), ...inputRows(monitor)]}
      />
      {releases.length > 0 && (
        <p className="px-3.5 pb-2.5 text-xs text-pretty text-muted">
          Releases: {releases.map(({ version, at }) => `v${version} from ${formatDay(at, "UTC")}`).join(", ")}
        </p>
      )}
    </Card>
  );
}

/** Starts of quarters, five at most. */
function ticksOf({ from, to }: { readonly from: number; readonly to: number }) {
  const first = new Date(from);
  const ticks: { at: number; text: string }[] = [];
  for (let step = 0; step < 400; step += 1) {
    const at = Date.UTC(first.getUTCFullYear(), Math.floor(first.getUTCMonth() / 3) * 3 + step * 3, 1);
    if (at > to - 10 * DAY_MS) break;
    if (at >= from - DAY_MS) ticks.push({ at, text: windowName(new Date(at)) });
  }
  const every = Math.max(1, Math.ceil(ticks.length / 5));
  return ticks.filter((_, index) => index % every === 0);
}

function qualityRows(monitor: Monitor): readonly Multiple[] {
  const checks = monitor.checks.filter(isQuality);
  const last = checks.at(-1);
  if (!last) return [];
  const title = metricTitle(monitor.metric);
  const limit = monitor.thresholds.find(({ state }) => state === "active")?.limits.qualityFloor ?? last.limit;
  const delay = monitor.labelDelayDays;
  return [
    {
      id: "quality",
      title,
      hint: delay === 0 ? "labels at once" : `labels ${delay} ${delay === 1 ? "day" : "days"} late`,
      colour: "var(--series-1)",
      spans: checks.flatMap((check) =>
        check.value === null
          ? []
          : [spanOf(check, check.value, { low: check.lower, high: check.upper, isBad: check.verdict === "fail" })],
      ),
      threshold: limit,
      last: last.value === null ? "–" : metricText(last.value),
      note: `${floorWord(monitor.metric)} ${limit}`,
      isBad: last.verdict === "fail",
      label: inWords(title, checks, ({ value }) => (value === null ? "undefined" : metricText(value))),
    },
    {
      id: "coverage",
      title: "Label coverage",
      hint: "of answers",
      colour: "var(--series-3)",
      isArea: true,
      spans: checks.map((check) => spanOf(check, check.coverage ?? 0)),
      threshold: monitor.minimumCoverage,
      last: formatShare(last.coverage ?? 0, 0),
      note: `needs ${formatShare(monitor.minimumCoverage, 0)}`,
      label: inWords("Label coverage", checks, ({ coverage }) => formatShare(coverage ?? 0)),
    },
  ];
}

function inputRows(monitor: Monitor): readonly Multiple[] {
  const checks = monitor.checks.filter(isInputs);
  const last = checks.at(-1);
  if (!last) return [];
  return [driftRow(checks, last), ...serviceRows(checks, last)];
}

function driftRow(checks: readonly InputsCheck[], last: InputsCheck): Multiple {
  const drift = worstDrift(last);
  return {
    id: "drift",
    title: "Drift, worst input",
    hint: drift ? `PSI, ${drift.name}` : "no reference",
    colour: "var(--series-2)",
    spans: checks.flatMap((check) => {
      const worst = worstDrift(check);
      return worst ? [spanOf(check, worst.psi)] : [];
    }),
    threshold: drift ? last.limit : null,
    last: drift ? formatNumber(drift.psi, 2) : "–",
    note: drift ? `chance ≤ ${formatNumber(drift.chanceLimit, 2)}` : "",
    label: inWords("Greatest PSI", checks, ({ value }) => (value === null ? "no reference" : formatNumber(value, 2))),
  };
}

function serviceRows(checks: readonly InputsCheck[], last: InputsCheck): readonly Multiple[] {
  const { latencyMs } = last.details;
  const p95 = (check: InputsCheck) => check.details.latencyMs?.p95 ?? 0;
  return [
    {
      id: "latency",
      title: "Latency",
      hint: "p95, ms",
      colour: "var(--series-5)",
      isArea: true,
      spans: checks.filter(({ details }) => details.latencyMs).map((check) => spanOf(check, p95(check))),
      last: latencyMs ? formatNumber(latencyMs.p95, 1) : "–",
      note: latencyMs ? `p50 ${formatNumber(latencyMs.p50, 1)}, p99 ${formatNumber(latencyMs.p99, 1)}` : "",
      label: `95th percentile of latency by quarter: ${checks.map((check) => `${windowName(check.windowStart)} ${formatNumber(p95(check), 1)} ms`).join(", ")}`,
    },
    {
      id: "failures",
      title: "Failed requests",
      hint: "share",
      colour: "var(--series-6)",
      isArea: true,
      spans: checks.map((check) => spanOf(check, failedShare(check))),
      last: formatShare(failedShare(last)),
      note: `${last.details.failed} of ${last.details.requests + last.details.failed}`,
      label: `Failed requests by quarter: ${checks.map((check) => `${windowName(check.windowStart)} ${formatShare(failedShare(check))}`).join(", ")}`,
    },
  ];
}
