"use client";
import { useSuspenseQuery } from "@tanstack/react-query";
import { Pencil } from "lucide-react";
import Link from "next/link";
import { useQueryStates } from "nuqs";
import { useState } from "react";
import { describeCheck } from "@/domain/data/checks";
import { countOf } from "../data/format";
import { StatusBadge } from "../data/status-badge";
import { usePermission, useProject } from "../providers/project";
import { type RouterOutputs, useTRPC } from "../providers/trpc";
import { routes } from "../shell/routes";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { EmptyState } from "../ui/empty-state";
import { Select } from "../ui/field";
import { RelativeTime } from "../ui/time";
import { ChecksEditor } from "./checks-editor";
import type { Dataset, DatasetVersion } from "./dataset-view";
import { datasetView } from "./filters";
import { SampleTable } from "./rows-preview";

type Report = RouterOutputs["data"]["reports"][number];
type Result = Report["results"][number];

/** The reports of a version, one of them in full, and the checks that the next run will make. */
export function ChecksPanel({ dataset, version }: { dataset: Dataset; version: DatasetVersion }) {
  const trpc = useTRPC();
  const project = useProject();
  const [{ report: wanted }, setView] = useQueryStates(datasetView);
  const { data: reports } = useSuspenseQuery(
    trpc.data.reports.queryOptions({ projectId: project.id, datasetVersionId: version.id }),
  );
  const shown = reports.find((report) => report.id === wanted) ?? reports[0];
  const isOld = shown && dataset.checkSet && shown.checkSetVersion < dataset.checkSet.version;
  return (
    <div>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b border-line px-3.5 py-2 text-sm">
        {shown ? <ReportHead report={shown} /> : <ChecksHead dataset={dataset} />}
        <div className="ml-auto flex flex-wrap items-center gap-2">
          {reports.length > 1 && shown && (
            <Select
              aria-label="Report"
              className="w-52"
              value={shown.id}
              options={reports.map((report, index) => ({ value: report.id, label: reportLabel(report, index) }))}
              onChange={(event) => setView({ report: event.target.value })}
            />
          )}
          <EditChecksButton dataset={dataset} version={version} />
        </div>
      </div>
      {isOld && (
        <p className="border-b border-line bg-surface-sunken px-3.5 py-2 text-xs text-muted">
          The checks have changed since: this report is of version {shown.checkSetVersion}, the present ones are version{" "}
          {dataset.checkSet?.version}.
        </p>
      )}
      {shown ? (
        shown.results.map((result) => <ResultRow key={JSON.stringify(result.check)} result={result} />)
      ) : (
        <PresentChecks dataset={dataset} />
      )}
    </div>
  );
}

const instant = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
});

function reportLabel(report: Report, index: number): string {
  return `${index === 0 ? "Newest, " : ""}${instant.format(report.createdAt)}, ${report.hasPassed ? "pass" : "fail"}`;
}

function ReportHead({ report }: { report: Report }) {
  const project = useProject();
  const failed = report.results.filter((result) => result.verdict !== "pass").length;
  return (
    <p className="min-w-0">
      <span className="font-semibold">
        {failed === 0
          ? `${countOf(report.results.length, "check")} passed`
          : `${failed} of ${countOf(report.results.length, "check")} failed`}
      </span>{" "}
      <span className="text-muted">
        <RelativeTime at={report.createdAt} />
        {report.runNumber !== null && (
          <>
            , in run{" "}
            <Link
              href={routes.pipelineRun(project.slug, report.runNumber)}
              className="text-text underline-offset-2 hover:underline"
            >
              #{report.runNumber}
            </Link>
          </>
        )}
      </span>
    </p>
  );
}

function ChecksHead({ dataset }: { dataset: Dataset }) {
  const count = dataset.checkSet?.checks.length ?? 0;
  return (
    <p className="text-muted">{count === 0 ? "No checks yet" : "These checks did not run on this version yet."}</p>
  );
}

function EditChecksButton({ dataset, version }: { dataset: Dataset; version: DatasetVersion }) {
  const permission = usePermission("data.edit_checks");
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button size="sm" disabledReason={permission.reason} onClick={() => setOpen(true)}>
        <Pencil aria-hidden />
        Edit checks
      </Button>
      <Dialog
        isOpen={isOpen}
        onOpenChange={setOpen}
        title={`Checks of ${dataset.name}`}
        description="Saved as a new version. Reports keep the version that they were made with."
        width="lg"
      >
        <ChecksEditor dataset={dataset} columns={version.schema} onSaved={() => setOpen(false)} />
      </Dialog>
    </>
  );
}

function PresentChecks({ dataset }: { dataset: Dataset }) {
  const checks = dataset.checkSet?.checks ?? [];
  if (checks.length === 0) {
    return (
      <EmptyState
        title="No checks yet"
        hint="A data engineer says what must hold of the rows: nothing missing, no doubles, values in a range or a list, no day left out."
      />
    );
  }
  return (
    <ul>
      {checks.map((check) => (
        <li key={JSON.stringify(check)} className="border-b border-line px-3.5 py-2.5 text-sm last:border-b-0">
          {capital(describeCheck(check))}
        </li>
      ))}
    </ul>
  );
}

const capital = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1);

function ResultRow({ result }: { result: Result }) {
  const names = Object.keys(result.sample[0] ?? {});
  return (
    <div className="border-b border-line last:border-b-0">
      <div className="flex items-start gap-3 px-3.5 py-2.5">
        <p className="min-w-0 flex-1 text-sm break-words">{capital(result.message)}</p>
        <StatusBadge kind="check" state={result.verdict} />
      </div>
      {names.length > 0 && (
        <details className="px-3.5 pb-2.5" open={result.sample.length <= 3}>
          <summary className="w-fit text-xs text-muted hover:text-text">
            {result.check.kind === "gap_free_dates"
              ? "Where days are missing"
              : `The first ${countOf(result.sample.length, "example")}`}
          </summary>
          <div className="mt-2 overflow-clip rounded-md border border-line">
            <SampleTable
              label={`Examples: ${describeCheck(result.check)}`}
              rows={result.sample}
              columns={names.map((name) => ({ name }))}
            />
          </div>
        </details>
      )}
    </div>
  );
}
