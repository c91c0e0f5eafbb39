"use client";
import { Fragment, type ReactNode } from "react";
import { countOf, formatBytes, formatCount } from "../data/format";
import { Card } from "../ui/card";
import { CopyId, shortenId } from "../ui/copy-id";
import { KeyValue } from "../ui/key-value";
import { asNames, type Difference, differenceOf, isSameEnvironment } from "./changes";
import type { Promotion } from "./promotion-words";

type Makeup = NonNullable<Promotion["makeup"]["candidate"]>;
type Pair = { readonly key: string; readonly value: ReactNode; readonly aside?: ReactNode };

/** What is different from the version that serves; for the first one, what it is made of. */
export function ChangesCard({ promotion }: { promotion: Promotion }) {
  const { candidate, current } = promotion.makeup;
  if (!candidate) return null;
  const pairs = [
    modelPair(candidate, current),
    columnsPair(candidate, current),
    dataPair(candidate, current),
    codePair(candidate, current),
    environmentPair(candidate, current),
  ];
  return (
    <Card
      isFlush
      title={current ? "What changes" : "What it is made of"}
      aside={
        current
          ? `against v${current.version} in ${promotion.environment}`
          : `first version in ${promotion.environment}`
      }
    >
      <KeyValue pairs={pairs} />
    </Card>
  );
}

/** Plus in green, minus in red, always with the sign. */
function Changes({ difference, same }: { difference: Difference; same: ReactNode }) {
  const { added, removed, altered } = difference;
  if (added.length + removed.length + altered.length === 0) return same;
  const parts = [
    ...altered.map(({ name, from, to }) => (
      <span key={name}>
        <code className="text-xs">
          {name} {from} → {to}
        </code>
      </span>
    )),
    ...added.map((name) => (
      <span key={`+${name}`} className="text-pass">
        + {name}
      </span>
    )),
    ...removed.map((name) => (
      <span key={`-${name}`} className="text-fail">
        − {name}
      </span>
    )),
  ];
  return parts.map((part, index) => (
    <Fragment key={part.key}>
      {index > 0 && ", "}
      {part}
    </Fragment>
  ));
}

function modelPair(candidate: Makeup, current: Makeup | null): Pair {
  const settings = Object.entries(candidate.parameters).map(([name, value]) => `${name} ${value}`);
  const value = current ? (
    <Changes difference={differenceOf(current.parameters, candidate.parameters)} same="Same parameters" />
  ) : (
    <code className="text-xs break-words">{settings.join(", ") || "no parameters logged"}</code>
  );
  return {
    key: "Model",
    value,
    aside: candidate.onnxBytes === null ? undefined : `${formatBytes(candidate.onnxBytes)} ONNX`,
  };
}

function columnsPair(candidate: Makeup, current: Makeup | null): Pair | null {
  if (candidate.columns.length === 0) return null;
  const count = countOf(candidate.columns.length, "column");
  const value = current ? (
    <>
      {count}{" "}
      <Changes difference={differenceOf(asNames(current.columns), asNames(candidate.columns))} same="as before" />
    </>
  ) : (
    <>
      {count} <span className="text-muted">{candidate.columns.join(", ")}</span>
    </>
  );
  return { key: "Inputs", value };
}

function dataPair(candidate: Makeup, current: Makeup | null): Pair {
  if (candidate.data.length === 0) return { key: "Data", value: "The lineage names no dataset version." };
  const rows = candidate.data.reduce((sum, { rows: count }) => sum + count, 0);
  const names = (makeup: Makeup) => makeup.data.map(({ name }) => name).join(", ");
  const isSame = current !== null && names(current) === names(candidate);
  return {
    key: "Data",
    value:
      current && !isSame ? (
        <>
          {names(current)} → {names(candidate)}
        </>
      ) : (
        `${isSame ? "Same data, " : ""}${names(candidate)}`
      ),
    aside: (
      <span className="flex items-center gap-1.5">
        {formatCount(rows)} rows
        {candidate.data[0] && <CopyId value={candidate.data[0].digest} what="dataset digest" />}
      </span>
    ),
  };
}

function codePair(candidate: Makeup, current: Makeup | null): Pair | null {
  const { code } = candidate;
  if (!code) return null;
  const commit = code.commit
    ? `commit ${code.commit.slice(0, 7)}${code.isDirty ? " with local changes" : ""}`
    : "no commit";
  const same = current?.code?.digest === code.digest;
  const files = current?.code ? differenceOf(current.code.files, code.files) : null;
  const value = !files ? (
    countOf(Object.keys(code.files).length, "file")
  ) : same ? (
    "Same source"
  ) : (
    <Changes difference={{ ...files, altered: [] }} same={null} />
  );
  const altered = files && !same ? files.altered.map(({ name }) => name).join(", ") : "";
  return {
    key: "Code",
    value: (
      <>
        {altered && <code className="text-xs">{altered} altered </code>}
        {value} <span className="text-muted">{commit}</span>
      </>
    ),
    aside: <CopyId value={code.digest} what="source digest" />,
  };
}

function environmentPair(candidate: Makeup, current: Makeup | null): Pair | null {
  const [digest] = candidate.environments;
  if (!digest) return null;
  const isSame = current ? isSameEnvironment(candidate, current) : null;
  const value =
    isSame === null ? "Packages as locked by requirements.txt" : isSame ? "Same packages" : "Other packages";
  return {
    key: "Environment",
    value,
    aside: <CopyId value={digest} what="environment digest" text={shortenId(digest)} />,
  };
}
