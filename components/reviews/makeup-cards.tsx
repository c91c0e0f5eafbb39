"use client";
import { formatBytes } from "../data/format";
import { Card, CardRow } from "../ui/card";
import { CopyId } from "../ui/copy-id";
import { type SideRow, SidesTable } from "./sides-table";
import { ThreadButton } from "./thread-dialog";
import { type Review, type ReviewRecord, shortLabel } from "./words";

type Side = ReviewRecord["candidate"];

const namesOf = (record: ReviewRecord) => ({
  candidate: shortLabel(record.candidate.label),
  base: record.base ? shortLabel(record.base.label) : null,
});

const none = <span className="text-faint">none</span>;

/** A line whose two sides are compared by a text, and shown as they like. */
function lineOf(
  record: ReviewRecord,
  line: {
    readonly key: string;
    readonly of: (side: Side) => string;
    readonly show?: (side: Side) => SideRow["candidate"];
  },
): SideRow {
  const show = line.show ?? ((side: Side) => line.of(side) || none);
  const { candidate, base } = record;
  return {
    key: line.key,
    candidate: show(candidate),
    base: base ? show(base) : none,
    isChanged: base !== null && line.of(candidate) !== line.of(base),
  };
}

const digests = (all: readonly { readonly name: string; readonly digest: string }[], what: string) =>
  all.length === 0 ? (
    none
  ) : (
    <ul>
      {all.map(({ name, digest }) => (
        <li key={digest} className="flex flex-wrap items-center gap-x-2">
          {name} <CopyId value={digest} what={`${what} digest`} />
        </li>
      ))}
    </ul>
  );

/** Data, training set, features, columns and parameters of both sides, and the files that can be quoted. */
export function DataCards({ review, record }: { review: Review; record: ReviewRecord }) {
  const list = (all: readonly { readonly name: string; readonly digest: string }[]) =>
    all.map(({ name, digest }) => `${name} ${digest}`).join(", ");
  return (
    <>
      <Card isFlush title="Data">
        <SidesTable
          label="Data"
          names={namesOf(record)}
          rows={[
            lineOf(record, {
              key: "Dataset versions",
              of: (side) => list(side.data),
              show: (side) => digests(side.data, "dataset"),
            }),
            lineOf(record, {
              key: "Rows",
              of: (side) => side.data.map(({ rows }) => rows.toLocaleString("en-GB")).join(", "),
            }),
            lineOf(record, {
              key: "Training set",
              of: (side) => side.trainingSet?.digest ?? "",
              show: ({ trainingSet }) =>
                trainingSet ? (
                  <span className="flex flex-wrap items-center gap-x-2">
                    {trainingSet.rows.toLocaleString("en-GB")} rows{" "}
                    <CopyId value={trainingSet.digest} what="training set digest" />
                  </span>
                ) : (
                  none
                ),
            }),
          ]}
        />
      </Card>
      <Card isFlush title="Features">
        <SidesTable
          label="Features"
          names={namesOf(record)}
          rows={[
            lineOf(record, {
              key: "Feature views",
              of: (side) => list(side.features),
              show: (side) => digests(side.features, "feature view"),
            }),
            lineOf(record, {
              key: "Columns",
              of: (side) => (side.trainingSet?.featureColumns ?? side.columns).join(", "),
            }),
            ...parameterRows(record),
          ]}
        />
      </Card>
      <FilesCard review={review} record={record} />
    </>
  );
}

function parameterRows(record: ReviewRecord): readonly SideRow[] {
  const keys = [
    ...new Set([...Object.keys(record.candidate.parameters), ...Object.keys(record.base?.parameters ?? {})]),
  ].sort();
  return keys.map((key) => lineOf(record, { key: `Parameter ${key}`, of: (side) => side.parameters[key] ?? "" }));
}

/** What came out: the run as a whole and each of its files can be commented on. */
function FilesCard({ review, record }: { review: Review; record: ReviewRecord }) {
  const { candidate } = record;
  const name = candidate.experimentRunName ?? candidate.label;
  return (
    <Card
      isFlush
      title="Run and files"
      aside={
        <span className="flex items-center gap-1">
          {name}
          {candidate.pipelineRun !== null && `, run #${candidate.pipelineRun}`}
          <ThreadButton review={review} anchor={{ kind: "run", key: "" }} label={name} />
        </span>
      }
    >
      {candidate.artifacts.length === 0 ? (
        <p className="px-3.5 py-3 text-sm text-muted">Nothing was logged with it.</p>
      ) : (
        candidate.artifacts.map((file) => (
          <CardRow key={file.path} className="flex-wrap items-center text-sm">
            <span className="min-w-0 flex-1 basis-40 font-mono text-xs break-all">{file.path}</span>
            <span className="figures text-xs text-muted">{formatBytes(file.bytes)}</span>
            <CopyId value={file.sha256} what="file digest" />
            <ThreadButton review={review} anchor={{ kind: "artifact", key: file.path }} label={file.path} />
          </CardRow>
        ))
      )}
    </Card>
  );
}
