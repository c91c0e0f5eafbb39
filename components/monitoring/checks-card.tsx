import { windowName } from "@/domain/monitoring/windows";
import { metricText, metricTitle } from "@/domain/promotions/metrics";
import { type Column, DataTable } from "../data/data-table";
import { formatNumber, formatShare } from "../data/format";
import { StatusBadge } from "../data/status-badge";
import { Card } from "../ui/card";
import { RelativeTime } from "../ui/time";
import { type Check, isInputs, isQuality, type Monitor, worstDrift } from "./words";

const columns = (metric: string): readonly Column<Check>[] => [
  {
    id: "window",
    header: "Quarter",
    className: "whitespace-nowrap",
    cell: (check) => (
      <>
        {windowName(check.windowStart)}{" "}
        <span className="text-xs font-normal text-muted sm:block">
          {isQuality(check) ? metric : "Inputs and service"}
        </span>
      </>
    ),
  },
  {
    id: "verdict",
    header: "Verdict",
    onPhone: "status",
    cell: (check) => <StatusBadge kind="windowVerdict" state={check.verdict} />,
  },
  { id: "value", header: "Value", align: "right", cell: (check) => <Value check={check} /> },
  { id: "band", header: "95 % band or chance", align: "right", cell: (check) => bandOf(check) },
  { id: "limit", header: "Limit", align: "right", cell: (check) => check.limit },
  { id: "rows", header: "Answers", align: "right", cell: (check) => check.rows },
  {
    id: "coverage",
    header: "Labelled",
    align: "right",
    cell: (check) => (check.coverage === null ? "–" : formatShare(check.coverage)),
  },
  { id: "version", header: "Version", cell: (check) => versionsOf(check) },
  { id: "at", header: "Judged", cell: (check) => <RelativeTime at={check.checkedAt} /> },
];

function versionsOf(check: Check): string {
  if (!isQuality(check) || check.details.versions.length < 2) return `v${check.version}`;
  return check.details.versions
    .map(({ version, rows, value }) => `v${version} ${value === null ? "–" : metricText(value)} on ${rows}`)
    .join(", ");
}

function bandOf(check: Check): string {
  if (isQuality(check))
    return check.lower === null || check.upper === null
      ? "–"
      : `${metricText(check.lower)} to ${metricText(check.upper)}`;
  const drift = isInputs(check) ? worstDrift(check) : null;
  return drift ? `≤ ${formatNumber(drift.chanceLimit, 2)}` : "–";
}

/** The judgement as it was made; a figure that later labels changed stands beside it. */
function Value({ check }: { check: Check }) {
  if (!isQuality(check)) {
    const drift = isInputs(check) ? worstDrift(check) : null;
    return drift ? `${drift.name} ${formatNumber(drift.psi, 2)}` : "no reference";
  }
  return (
    <>
      {check.value === null ? "–" : metricText(check.value)}
      {check.correctedValue !== null && (
        <span className="block text-xs text-muted">{metricText(check.correctedValue)} with later labels</span>
      )}
    </>
  );
}

/** Every judgement, the newest first, and the sentences of the warnings. */
export function ChecksCard({ monitor }: { monitor: Monitor }) {
  if (monitor.checks.length === 0) return null;
  const newest = [...monitor.checks].reverse();
  const warned = newest.filter(isInputs).filter(({ details }) => details.warnings.length > 0);
  return (
    <Card title="Checks" isFlush aside="each quarter is judged once">
      <DataTable
        label="Checks"
        rows={newest}
        columns={columns(metricTitle(monitor.metric))}
        rowKey={(check) => check.id}
        isBare
      />
      {warned.length > 0 && (
        <ul className="flex flex-col gap-1 border-t border-line px-3.5 py-2.5 text-sm">
          {warned.flatMap((check) =>
            check.details.warnings.map((text) => (
              <li key={`${check.id}${text}`} className="text-pretty">
                <span className="text-muted">{windowName(check.windowStart)}:</span> {text}
              </li>
            )),
          )}
        </ul>
      )}
    </Card>
  );
}
