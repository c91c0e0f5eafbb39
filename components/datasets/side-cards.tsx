"use client";
import Link from "next/link";
import { useQueryStates } from "nuqs";
import { formatCount } from "../data/format";
import { EDGE_WORDS, NODE_LOOKS } from "../lineage/kinds";
import { useProject } from "../providers/project";
import { routes, withQuery } from "../shell/routes";
import { Card, CardRow } from "../ui/card";
import { cn } from "../ui/cn";
import { CopyId } from "../ui/copy-id";
import { RelativeTime } from "../ui/time";
import type { Dataset, DatasetVersion } from "./dataset-view";
import { CheckState } from "./datasets-table";
import { datasetView } from "./filters";
import { optionsInWords } from "./words";

/** All versions, newest first; the shown one is marked. */
export function VersionsCard({ dataset, shownId }: { dataset: Dataset; shownId: string }) {
  const project = useProject();
  const [{ tab }] = useQueryStates(datasetView);
  return (
    <Card title="Versions" aside={formatCount(dataset.versions.length)} isFlush>
      <ul className="max-h-96 overflow-y-auto">
        {dataset.versions.map((version) => {
          const isShown = version.id === shownId;
          return (
            <li key={version.id} className={cn("border-b border-line last:border-b-0", isShown && "bg-surface-sunken")}>
              <Link
                href={withQuery(routes.dataset(project.slug, dataset.name), {
                  version: String(version.version),
                  ...(tab !== "columns" && { tab }),
                })}
                aria-current={isShown ? "true" : undefined}
                className="group flex items-start gap-3 px-3.5 py-2.5 text-sm -outline-offset-2"
              >
                <span className="min-w-0 flex-1">
                  <span className="font-semibold group-hover:text-accent">v{version.version}</span>{" "}
                  <span className="figures text-muted">{formatCount(version.rows)} rows</span>
                  <span className="block truncate text-xs text-muted">
                    {version.createdBy}, <RelativeTime at={version.createdAt} />
                  </span>
                </span>
                <CheckState hasPassed={version.hasPassed} />
              </Link>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}

/** The file and the options that made the version: with both, anybody gets the same digest again. */
export function ImportCard({ dataset, version }: { dataset: Dataset; version: DatasetVersion }) {
  return (
    <Card title="Import" isFlush>
      <CardRow>
        <div className="min-w-0 flex-1 text-sm">
          <p className="break-words">{version.sourceName}</p>
          <p className="flex flex-wrap items-center gap-x-1.5 text-xs text-muted">
            source bytes <CopyId value={version.sourceSha256} what="source digest" />
          </p>
          {dataset.source && <p className="mt-1 text-xs break-words text-muted">from {dataset.source}</p>}
        </div>
      </CardRow>
      {optionsInWords(version.importOptions).map((option) => (
        <CardRow key={option.name}>
          <div className="min-w-0 flex-1 text-sm">
            <p className="text-xs text-muted">{option.name}</p>
            <p className={cn("break-words", option.isCode && "font-mono text-xs")}>{option.value}</p>
          </div>
        </CardRow>
      ))}
    </Card>
  );
}

/** What the version came from and what it went into. */
export function LineageCard({ version }: { version: DatasetVersion }) {
  const shown = version.lineage.filter((edge) => edge.edge !== "validated_by");
  if (shown.length === 0) return null;
  return (
    <Card title="Lineage" isFlush>
      {shown.map((edge) => (
        <CardRow key={`${edge.edge}${edge.node.kind}${edge.node.reference}`}>
          <div className="min-w-0 flex-1 text-sm">
            <p className="break-words">{edge.node.label}</p>
            <p className="text-xs text-muted">
              {NODE_LOOKS[edge.node.kind].word},{" "}
              {edge.isUpstream ? `${EDGE_WORDS[edge.edge]} this` : `this ${EDGE_WORDS[edge.edge]} it`},{" "}
              <RelativeTime at={edge.createdAt} />
            </p>
          </div>
        </CardRow>
      ))}
    </Card>
  );
}
